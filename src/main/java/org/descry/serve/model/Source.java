package org.descry.serve.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A model's file, as it was when it was looked at.
 *
 * @param model the model's name
 * @param version of the model, a number from 1
 * @param file the zip
 * @param size in bytes
 * @param modified in milliseconds
 * @param fileKey of the file system; a file that replaces another has its own
 */
record Source(String model, long version, Path file, long size, long modified, String fileKey) {
  boolean isSameVersion(Source other) {
    return model.equals(other.model) && version == other.version;
  }

  static Source of(String model, long version, Path file) throws IOException {
    BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
    return new Source(
        model,
        version,
        file,
        is.size(),
        is.lastModifiedTime().toMillis(),
        String.valueOf(is.fileKey()));
  }
}
