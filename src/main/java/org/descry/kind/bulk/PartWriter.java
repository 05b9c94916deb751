package org.descry.kind.bulk;

import java.io.IOException;
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
 * Writes the answers about a part of the images, a row an image; while a batch is answered, the
 * next one is read.
 *
 * @param format of the files
 * @param readers of images
 * @param stopped whether to leave the part that is under way
 */
record PartWriter(
    ImageAnswers answers, AnswerFormat format, ExecutorService readers, BooleanSupplier stopped) {
  private static final int BATCH_SIZE = 100;

  /**
   * Writes the files of a part. Bad records are written first: the file of the answers says that
   * the part is done. A cluster that takes an executor for lost gives its part to another one, and
   * both may be at it.
   *
   * @throws org.descry.DescryException if the images cannot be read or a file cannot be written
   * @throws CancellationException if it was stopped
   */
  void write(ImagePart part, Path file, Path badFile) {
    try (ImagePart.Opened opened = part.open()) {
      List<String> bad = new ArrayList<>();
      AtomicFiles.writeAmongOthers(
          file,
          out -> {
            try (AnswerFormat.Rows rows = format.to(out)) {
              write(opened.images(), rows, bad);
            }
            if (bad.isEmpty()) {
              Files.deleteIfExists(badFile);
            } else {
              byte[] lines = String.join("", bad).getBytes(StandardCharsets.UTF_8);
              AtomicFiles.writeAmongOthers(badFile, badOut -> badOut.write(lines));
            }
          });
    } catch (IOException e) {
      throw IoErrors.unwritable(file, e);
    }
  }

  /** Images of a batch that can be used. */
  private record Batch(List<String> names, List<byte[]> pixels, List<String> bad) {}

  private void write(List<Named> images, AnswerFormat.Rows rows, List<String> bad)
      throws IOException {
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
        rows.add(row(batch.names.get(i), given.get(i)));
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
              Map<String, Object> why = Map.of("reason", e.getMessage());
              batch.bad.add(Json.line(row(image.name(), why)) + "\n");
            }
          }
          return batch;
        });
  }

  private static Map<String, Object> row(String image, Map<String, Object> more) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("image", image);
    row.putAll(more);
    return row;
  }
}
