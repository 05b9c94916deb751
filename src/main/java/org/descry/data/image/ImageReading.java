package org.descry.data.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.descry.DataException;
import org.descry.data.Intake;
import org.descry.data.Intake.BadRecord;
import org.descry.data.Intake.Outcome;
import org.descry.data.Readers;

/**
 * Reads image files, several at a time. Of processes that need the same images each opens and
 * decodes its part of the files only, and gets the pixels of the others' from them.
 */
public final class ImageReading {
  /** Of pixels that a process sends at a time. */
  private static final int CHUNK = 1 << 25;

  private final ImageLoader loader;
  private final Intake intake;
  private final int bytes;
  private final int chunk;

  public ImageReading(ImageLoader loader, Intake intake) {
    this(loader, intake, CHUNK);
  }

  ImageReading(ImageLoader loader, Intake intake, int chunk) {
    this.loader = loader;
    this.intake = intake;
    this.chunk = chunk;
    bytes = loader.height() * loader.width() * loader.channels();
  }

  /**
   * An image that can be used.
   *
   * @param of what its file was read for
   * @param height of the file's image
   * @param width of the file's image
   */
  public record Read<T>(T of, Pixels pixels, int height, int width) {}

  /**
   * All that can be used, in their order; the others are left out.
   *
   * @throws DataException if other processes have another number of files
   */
  public <T> List<Read<T>> all(List<T> items, Function<T, Path> file) {
    requireAsMany(items.size());
    Function<byte[], Pixels> keep = Pixels.keeping(intake, bytes);
    List<Read<T>> read = new ArrayList<>(items.size());
    int atOnce = atOnce(items.size());
    for (int from = 0; from < items.size(); from += atOnce) {
      List<T> some = items.subList(from, Math.min(items.size(), from + atOnce));
      List<Outcome<ImageLoader.Image>> outcomes = outcomes(some, file);
      for (int i = 0; i < some.size(); i++) {
        ImageLoader.Image image = outcomes.get(i).made();
        if (image == null) {
          intake.leaveOut(List.of(outcomes.get(i).bad()));
        } else {
          Pixels pixels = keep.apply(image.pixels());
          read.add(new Read<>(some.get(i), pixels, image.originalHeight(), image.originalWidth()));
        }
      }
    }
    return read;
  }

  private void requireAsMany(int files) {
    if (intake.readers().alone()) {
      return;
    }
    byte[] own = ByteBuffer.allocate(Integer.BYTES).putInt(files).array();
    List<Integer> counts =
        intake.readers().exchange().apply(own).stream()
            .map(count -> ByteBuffer.wrap(count).getInt())
            .toList();
    if (counts.stream().distinct().count() > 1) {
      throw new DataException(
          "The executors find different numbers of image files, %s; expected the same files under the same path on each."
              .formatted(counts));
    }
  }

  private int atOnce(int items) {
    long some = (long) intake.readers().size() * Math.max(1, chunk / bytes);
    return intake.readers().alone() ? Math.max(1, items) : (int) Math.min(items, some);
  }

  private <T> List<Outcome<ImageLoader.Image>> outcomes(List<T> items, Function<T, Path> file) {
    Readers readers = intake.readers();
    int begin = readers.begin(readers.rank(), items.size());
    int end = readers.begin(readers.rank() + 1, items.size());
    List<Outcome<ImageLoader.Image>> own =
        Intake.each(items.subList(begin, end), item -> load(file.apply(item)));
    if (readers.alone()) {
      return own;
    }
    try {
      List<Outcome<ImageLoader.Image>> all = new ArrayList<>(items.size());
      for (byte[] part : readers.exchange().apply(packed(own))) {
        unpack(part, all);
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ImageLoader.Image load(Path file) {
    return intake.reading(file, () -> loader.load(file));
  }

  private static byte[] packed(List<Outcome<ImageLoader.Image>> outcomes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(packed);
    for (Outcome<ImageLoader.Image> outcome : outcomes) {
      ImageLoader.Image image = outcome.made();
      out.writeBoolean(image != null);
      if (image != null) {
        out.writeInt(image.originalHeight());
        out.writeInt(image.originalWidth());
        out.write(image.pixels());
      } else {
        BadRecord bad = outcome.bad();
        out.writeUTF(bad.file());
        out.writeUTF(Objects.requireNonNullElse(bad.position(), ""));
        out.writeUTF(bad.reason());
      }
    }
    return packed.toByteArray();
  }

  private void unpack(byte[] part, List<Outcome<ImageLoader.Image>> all) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(part));
    while (in.available() > 0) {
      if (in.readBoolean()) {
        int height = in.readInt();
        int width = in.readInt();
        all.add(new Outcome<>(new ImageLoader.Image(in.readNBytes(bytes), height, width), null));
      } else {
        String file = in.readUTF();
        String position = in.readUTF();
        all.add(
            new Outcome<>(
                null, new BadRecord(file, position.isEmpty() ? null : position, in.readUTF())));
      }
    }
  }
}
