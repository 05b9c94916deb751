package org.descry.serve.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The page for people, and the description of all addresses for programs: files of the jar. */
final class Page {
  private static final String FOLDER = "/org/descry/page/";

  private Page() {}

  static void register(RoutesConfig routes) {
    file(routes, "/", "index.html", "text/html; charset=utf-8");
    file(routes, "/page/style.css", "style.css", "text/css; charset=utf-8");
    file(routes, "/page/page.js", "page.js", "text/javascript; charset=utf-8");
    file(routes, "/openapi.json", "openapi.json", "application/json");
  }

  private static void file(RoutesConfig routes, String path, String name, String type) {
    byte[] content = read(name);
    routes.get(path, context -> answer(context, type, content));
  }

  private static byte[] read(String name) {
    try (InputStream in = Page.class.getResourceAsStream(FOLDER + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(Context context, String type, byte[] content) {
    context.attribute(Exchange.ENDPOINT, "page");
    context
        .header("Cache-Control", "no-cache")
        .header("X-Content-Type-Options", "nosniff")
        .header(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:;"
                + " frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
        .contentType(type)
        .result(content);
  }
}
