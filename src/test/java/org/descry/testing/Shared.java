package org.descry.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/**
 * The material that lies beside the checkout and is not part of it: published vectors and images.
 * It is looked for in the folder named by the environment variable {@code DESCRY_SHARED}, else in
 * {@code ../shared} seen from the project root.
 */
public final class Shared {
  private static final String VARIABLE = "DESCRY_SHARED";

  private Shared() {}

  /**
   * Returns a file or folder of the shared material.
   *
   * @param relative path inside the shared folder, such as {@code vectors/adam.json}
   * @throws TestAbortedException where it is missing, so that the test is skipped with the reason
   */
  public static Path require(String relative) {
    String root = System.getenv(VARIABLE);
    Path path =
        (root == null ? Path.of(System.getProperty("user.dir"), "..", "shared") : Path.of(root))
            .resolve(relative)
            .toAbsolutePath()
            .normalize();
    if (!Files.exists(path)) {
      throw new TestAbortedException(
          "needs " + path + ", which is missing; " + VARIABLE + " names the folder that holds it");
    }
    return path;
  }
}
