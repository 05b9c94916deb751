package org.descry.sweep.report;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.descry.report.Html;

/** Ways from a sweep's folder to the files of its candidates, so that the folder can be moved. */
final class Links {
  private Links() {}

  /** The way from a folder to another file or folder, with slashes; null for null. */
  static String relative(Path folder, Path target) {
    return target == null ? null : join(folder, target, String::valueOf);
  }

  /** The same as an HTML link. */
  static String html(Path folder, Path target, String text) {
    String href =
        join(
            folder,
            target,
            name -> URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
    return "<a href='./%s'>%s</a>".formatted(href, Html.escape(text));
  }

  private static String join(Path folder, Path target, UnaryOperator<String> name) {
    Path way = folder.toAbsolutePath().normalize().relativize(target.toAbsolutePath().normalize());
    return StreamSupport.stream(way.spliterator(), false)
        .map(part -> name.apply(part.toString()))
        .collect(Collectors.joining("/"));
  }
}
