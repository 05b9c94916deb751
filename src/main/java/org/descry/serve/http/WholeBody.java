package org.descry.serve.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.EagerContentHandler.ContentLoader;
import org.eclipse.jetty.server.handler.EagerContentHandler.ContentLoaderFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Awaits a body without a thread, and has the request handled once it is there, or as much of it as
 * is read at all. What ends before its end is not handled.
 *
 * <p>Jetty's own loader keeps the buffers that a connection is read with until the request ends,
 * and does not learn of every end. A copy leaves nothing to give back, whoever ends the request.
 */
final class WholeBody extends ContentLoader {
  /** Bytes a second below which a client is given up, counted from the first of a body. */
  static final long SLOWEST_CLIENT = 64;

  private final int most;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean waited;
  private long began;

  private WholeBody(
      Handler handler, Request request, Response response, Callback callback, int most) {
    super(handler, request, response, callback);
    this.most = most;
  }

  /**
   * @param most bytes after which the request is handled, with the rest unread
   */
  static ContentLoaderFactory upTo(int most) {
    return new ContentLoaderFactory() {
      @Override
      public String getApplicableMimeType() {
        return null; // all of them
      }

      @Override
      public ContentLoader newContentLoader(
          String contentType,
          String mimeType,
          Handler handler,
          Request request,
          Response response,
          Callback callback) {
        if (request.getLength() > most) {
          Lingering.after(request, response);
          return null; // refused by its length
        }
        return new WholeBody(handler, request, response, callback, most);
      }
    };
  }

  @Override
  protected void load() {
    while (true) {
      Content.Chunk chunk = getRequest().read();
      if (chunk == null) {
        waited = true;
        getRequest().demand(this::load);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        Throwable failure = chunk.getFailure();
        getCallback().failed(failure instanceof TimeoutException ? tooSlow(failure) : failure);
        return;
      }
      if (body.size() == 0) {
        began = System.nanoTime();
      }
      boolean last = chunk.isLast();
      body.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
      chunk.release();
      if (last || body.size() > most) {
        if (!last) {
          Lingering.after(getRequest(), getResponse());
        }
        ByteBuffer start = ByteBuffer.wrap(body.toByteArray());
        Begun begun = new Begun(getRequest(), Content.Chunk.from(start, last));
        if (waited) { // what is told of content must not block
          begun.getContext().execute(() -> handleLate(begun));
        } else {
          handle(begun, getResponse(), getCallback());
        }
        return;
      }
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
      if (body.size() < SLOWEST_CLIENT * seconds) {
        getCallback().failed(tooSlow(null));
        return;
      }
    }
  }

  private static Throwable tooSlow(Throwable cause) {
    return new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408, cause);
  }

  /**
   * To Jetty, a request that waited for its body has been handled: it takes back what handles it as
   * soon as it is answered. So the end of the answer is told once the handling has ended, too.
   */
  private void handleLate(Request request) {
    Callback.Completable answered = new Callback.Completable();
    handle(request, getResponse(), answered);
    getCallback().completeWith(answered);
  }

  /** A request whose body was read up to somewhere. */
  private static final class Begun extends Request.Wrapper {
    private Content.Chunk start;

    Begun(Request request, Content.Chunk start) {
      super(request);
      this.start = start;
    }

    @Override
    public Content.Chunk read() {
      Content.Chunk read = start;
      if (read == null) {
        return super.read();
      }
      start = read.isLast() ? Content.Chunk.EOF : null;
      return read;
    }

    @Override
    public void demand(Runnable told) {
      if (start == null) {
        super.demand(told);
      } else {
        getContext().execute(told);
      }
    }
  }
}
