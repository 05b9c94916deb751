package org.descry.serve.http;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Hands on how requests end. The requests that {@link EagerContentHandler} makes are told of a
 * failure as their own callbacks, but pass it on only where their content fails: an answer that
 * cannot be written because the client is gone would leave its request and connection open for
 * good.
 */
final class Outcomes extends Handler.Wrapper {
  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    boolean own = callback == request;
    return super.handle(
        request,
        response,
        own
            ? Callback.from(callback.getInvocationType(), callback::succeeded, request::fail)
            : callback);
  }
}
