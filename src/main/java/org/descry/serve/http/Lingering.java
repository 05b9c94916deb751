package org.descry.serve.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Reads on after an answer for which a request was not read to its end, until the client has read
 * the answer and closes. Jetty closes at once: what has arrived unread, or arrives later, makes TCP
 * reset the connection, and the client loses the answer. What is read is thrown away, without a
 * thread that waits, and only so much of it and for so long.
 */
final class Lingering extends HttpStream.Wrapper {
  private static final long MOST_BYTES = 64L << 20;
  private static final long MOST_SECONDS = 10;
  private static final int BUFFER_BYTES = 1 << 14;

  private final EndPoint connection;
  private final Scheduler scheduler;
  private volatile boolean answered;

  private Lingering(HttpStream stream, Request request) {
    super(stream);
    connection = request.getConnectionMetaData().getConnection().getEndPoint();
    scheduler = request.getComponents().getScheduler();
  }

  /** Has the connection closed after the answer, when the client is done with it. */
  static void after(Request request, Response response) {
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    if (request.getAttribute(Lingering.class.getName()) == null) {
      request.setAttribute(Lingering.class.getName(), true); // once, whoever asks for it
      request.addHttpStreamWrapper(stream -> new Lingering(stream, request));
    }
  }

  @Override
  public void send(
      MetaData.Request request,
      MetaData.Response response,
      boolean last,
      ByteBuffer content,
      Callback callback) {
    Callback sent =
        new Callback.Nested(callback) {
          @Override
          public void succeeded() {
            answered |= last;
            super.succeeded();
          }
        };
    super.send(request, response, last, content, sent);
  }

  @Override
  public void succeeded() {
    endBy(super::succeeded);
  }

  @Override
  public void failed(Throwable failure) {
    endBy(() -> super.failed(failure));
  }

  private void endBy(Runnable end) {
    if (answered) {
      connection.shutdownOutput(); // tells the client that the answer is whole
      new Rest(end).succeeded();
    } else {
      end.run();
    }
  }

  /** What the client still sends. */
  private final class Rest implements Callback {
    private final Runnable end;
    private final Scheduler.Task late;
    private final ByteBuffer buffer = BufferUtil.allocate(BUFFER_BYTES);
    private long bytes;

    Rest(Runnable end) {
      this.end = end;
      // Once it is closed, whoever reads or awaits what is read is told.
      late = scheduler.schedule(connection::close, MOST_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void succeeded() {
      if (!more()) {
        failed(null);
      }
    }

    /** Reads what is there, and says whether more is awaited. */
    private boolean more() {
      try {
        while (bytes < MOST_BYTES) {
          BufferUtil.clear(buffer);
          int filled = connection.fill(buffer);
          if (filled < 0) {
            return false;
          }
          if (filled == 0) {
            return connection.tryFillInterested(this);
          }
          bytes += filled;
        }
        return false;
      } catch (IOException e) {
        return false; // the client has gone
      }
    }

    @Override
    public void failed(Throwable failure) {
      late.cancel();
      end.run();
    }
  }
}
