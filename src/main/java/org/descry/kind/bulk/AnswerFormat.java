package org.descry.kind.bulk;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.ServiceLoader;
import org.descry.UsageException;
import org.descry.io.Json;

/** How the answers about a part of the images are written; more are found as services. */
public interface AnswerFormat {
  /** A line of JSON an image. */
  AnswerFormat JSON_LINES =
      new AnswerFormat() {
        @Override
        public String name() {
          return "jsonl";
        }

        @Override
        public Rows to(OutputStream out) {
          return new Rows() {
            @Override
            public void add(Map<String, Object> answer) throws IOException {
              out.write((Json.line(answer) + "\n").getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void close() {
              // The stream is the caller's.
            }
          };
        }
      };

  /** Of the format, which its files end with. */
  String name();

  /**
   * Begins a file.
   *
   * @param out stays open
   */
  Rows to(OutputStream out) throws IOException;

  /** A file that is being written. */
  interface Rows extends Closeable {
    /**
     * @param answer for JSON, with the same keys in every row, {@code image} first
     */
    void add(Map<String, Object> answer) throws IOException;
  }

  /**
   * The one of a name.
   *
   * @throws UsageException if there is none
   */
  static AnswerFormat named(String name) {
    if (name.equals(JSON_LINES.name())) {
      return JSON_LINES;
    }
    for (AnswerFormat format : ServiceLoader.load(AnswerFormat.class)) {
      if (format.name().equals(name)) {
        return format;
      }
    }
    throw new UsageException(
        "--format is %s; expected jsonl, or with descry-cluster.jar also parquet.".formatted(name));
  }
}
