package org.descry.kind.bulk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.descry.data.BadRecordException;
import org.descry.data.image.ImagePart;
import org.descry.data.image.ImagePart.Named;
import org.descry.io.AtomicFiles;
import org.descry.io.IoErrors;
import org.descry.io.Json;
import org.descry.kind.ImageAnswers;

/**
 * Writes the answers about a part of the images, a line an image; while a batch is answered, the
 * next one is read.
 *
 * @param readers of images
 * @param stopped whether to leave the part that is under way
 */
record PartWriter(ImageAnswers answers, ExecutorService readers, BooleanSupplier stopped) {
  private static final int BATCH_SIZE = 100;

  /**
   * Writes the files of a part. Bad records are written first: the file of the answers says that
   * the part is done.
   *
   * @throws org.descry.DescryException if the images cannot be read or a file cannot be written
   * @throws CancellationException if it was stopped
   */
  void write(ImagePart part, Path file, Path badFile) {
    try (ImagePart.Opened opened = part.open()) {
      List<String> bad = new ArrayList<>();
      AtomicFiles.write(
          file,
          out -> {
            write(opened.images(), out, bad);
            if (bad.isEmpty()) {
              Files.deleteIfExists(badFile);
            } else {
              AtomicFiles.write(badFile, String.join("", bad));
            }
          });
    } catch (IOException e) {
      throw IoErrors.unwritable(file, e);
    }
  }

  /** Images of a batch that can be used. */
  private record Batch(List<String> names, List<byte[]> pixels, List<String> bad) {}

  private void write(List<Named> images, OutputStream out, List<String> bad) throws IOException {
    Future<Batch> next = null;
    for (int from = 0; from < images.size(); from += BATCH_SIZE) {
      Batch batch = BulkAnswers.get(next == null ? read(images, from) : next);
      int behind = from + BATCH_SIZE;
      next = behind < images.size() ? read(images, behind) : null;
      if (stopped.getAsBoolean()) {
        throw new CancellationException();
      }
      bad.addAll(batch.bad);
      List<Map<String, Object>> given =
          batch.pixels.isEmpty() ? List.of() : answers.of(batch.pixels);
      for (int i = 0; i < given.size(); i++) {
        out.write(line(batch.names.get(i), given.get(i)).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private Future<Batch> read(List<Named> images, int from) {
    return readers.submit(
        () -> {
          Batch batch = new Batch(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
          for (Named image : images.subList(from, Math.min(images.size(), from + BATCH_SIZE))) {
            try {
              batch.pixels.add(answers.loader().load(image.file()).pixels());
              batch.names.add(image.name());
            } catch (BadRecordException e) {
              batch.bad.add(line(image.name(), Map.of("reason", e.getMessage())));
            }
          }
          return batch;
        });
  }

  private static String line(String image, Map<String, Object> more) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("image", image);
    line.putAll(more);
    return Json.line(line) + "\n";
  }
}
