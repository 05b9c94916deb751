package org.descry.data.decode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * {@code images-of-0.1.0.zip}: under {@code files/} one small image of every format and kind, as
 * libjpeg, libpng, libtiff and libwebp write them; under {@code pixels/NAME/HEIGHTxWIDTH} what
 * Descry 0.1.0 made of each; in {@code answers.txt} what its two models said to them: name, classes
 * with their probabilities, caption, apart by tabs.
 */
public final class FixtureFiles {
  private FixtureFiles() {}

  /** All entries by name. */
  public static Map<String, byte[]> entries() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (InputStream in = FixtureFiles.class.getResourceAsStream("/images-of-0.1.0.zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  /** The images by file name. */
  public static Map<String, byte[]> images() throws IOException {
    Map<String, byte[]> images = new LinkedHashMap<>();
    entries()
        .forEach(
            (name, bytes) -> {
              if (name.startsWith("files/")) {
                images.put(name.substring("files/".length()), bytes);
              }
            });
    return images;
  }

  /** Lines of what the models said. */
  public static String[][] answers() throws IOException {
    return new String(entries().get("answers.txt"), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.split("\t", -1))
        .toArray(String[][]::new);
  }
}
