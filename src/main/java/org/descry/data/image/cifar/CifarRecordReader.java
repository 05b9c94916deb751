package org.descry.data.image.cifar;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.datavec.api.split.InputSplit;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.descry.data.image.PixelRecordReader;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;

/**
 * Reads the official binary files of CIFAR-10 and CIFAR-100 (Krizhevsky 2009,
 * https://www.cs.toronto.edu/~kriz/cifar.html). A record is one label byte (CIFAR-100: a coarse and
 * a fine one), then 1024 red, 1024 green and 1024 blue bytes, row by row. Class names come from
 * {@code batches.meta.txt}, {@code fine_label_names.txt} or {@code coarse_label_names.txt} beside
 * the files, a name a line; without them classes are called by their numbers.
 *
 * <p>Every file's size is checked in {@link #initialize}, every label when it is read.
 */
public final class CifarRecordReader extends PixelRecordReader {
  /** Height and width of an image. */
  public static final int SIZE = 32;

  /** RGB. */
  public static final int CHANNELS = 3;

  static final int PIXELS = SIZE * SIZE;

  /** The two official layouts; the second holds two labels. */
  public enum Layout {
    CIFAR10(1, 0, 10, "batches.meta.txt"),
    CIFAR100(2, 1, 100, "fine_label_names.txt"),
    CIFAR100_COARSE(2, 0, 20, "coarse_label_names.txt");

    final int labelBytes;
    final int labelAt;
    final int classes;
    final String namesFile;

    Layout(int labelBytes, int labelAt, int classes, String namesFile) {
      this.labelBytes = labelBytes;
      this.labelAt = labelAt;
      this.classes = classes;
      this.namesFile = namesFile;
    }

    /** CIFAR-100 with the labels that count. */
    static Layout cifar100(CifarLabels labels) {
      return switch (labels) {
        case FINE -> CIFAR100;
        case COARSE -> CIFAR100_COARSE;
      };
    }

    int recordBytes() {
      return labelBytes + CHANNELS * PIXELS;
    }
  }

  private final Layout layout;
  private final transient Intake intake;
  private final byte[] record;
  private final List<File> files = new ArrayList<>();
  private List<String> labels = List.of();
  private int size;
  private int position;
  private int fileIndex;
  private long inFile;
  private transient InputStream stream;

  /** Refuses files that are cut off. */
  CifarRecordReader(Layout layout) {
    this(layout, null);
  }

  /**
   * @param intake is told of a record at a file's end that is cut off; null to refuse the file
   */
  CifarRecordReader(Layout layout, Intake intake) {
    this.layout = layout;
    this.intake = intake;
    this.record = new byte[layout.recordBytes()];
  }

  /**
   * Takes the {@code .bin} files of {@code split} in its order.
   *
   * @throws DescryException if a file is missing or its size is no multiple of the record
   */
  @Override
  public void initialize(InputSplit split) throws IOException, InterruptedException {
    super.initialize(split);
    files.clear();
    long records = 0;
    Path first = null;
    for (URI location : split.locations()) {
      Path file = Path.of(location);
      if (file.toString().endsWith(".bin")) {
        first = first == null ? file : first;
        long whole = records(file);
        if (whole > 0) {
          files.add(file.toFile());
          records += whole;
        }
      }
    }
    if (first == null) {
      throw new DataException("No CIFAR file was given: expected files that end in .bin.");
    }
    size = Math.toIntExact(records);
    labels = labelNames(first.resolveSibling(layout.namesFile));
    reset();
  }

  private long records(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new DataException("CIFAR file " + file + " does not exist or is no file.");
    }
    long bytes = Files.size(file);
    long whole = bytes / layout.recordBytes();
    if (bytes == 0 || bytes % layout.recordBytes() != 0) {
      BadRecordException bad =
          bad(
              file,
              whole,
              "CIFAR file %s has %s bytes, expected a multiple of %s (%s label + 3072 pixel bytes a record): it is truncated or no %s file."
                  .formatted(file, bytes, layout.recordBytes(), layout.labelBytes, layout));
      if (intake == null) {
        throw bad;
      }
      intake.leaveOut(bad);
    }
    return whole;
  }

  private BadRecordException bad(Path file, long number, String sentence) {
    return new BadRecordException(
        file, "record %s (byte %s)".formatted(number, number * record.length), sentence);
  }

  private List<String> labelNames(Path file) {
    if (!Files.isRegularFile(file)) {
      return IntStream.range(0, layout.classes).mapToObj(Integer::toString).toList();
    }
    try (Stream<String> lines = EndingFiles.lines(file)) {
      return ClassNames.checked(
          lines.map(String::strip).filter(line -> !line.isEmpty()).toList(), file);
    } catch (UncheckedIOException e) {
      throw unreadable(file, e.getCause());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static DataException unreadable(Path file, IOException e) {
    return new DataException(
        "%s cannot be read (%s); expected class names in UTF-8, one a line."
            .formatted(file, IoErrors.of(e)),
        e);
  }

  @Override
  protected int nextInto(byte[] pixels) {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + size + " records were read");
    }
    File file = files.get(fileIndex);
    try {
      if (stream == null) {
        stream = new BufferedInputStream(EndingFiles.open(file.toPath()), 1 << 18);
      }
      if (stream.readNBytes(record, 0, record.length) < record.length) {
        throw new DataException("CIFAR file " + file + " became shorter while it was read.");
      }
      long number = inFile++;
      position++;
      if ((inFile + 1) * record.length > file.length()) {
        close();
        fileIndex++;
        inFile = 0;
      }
      interleave(pixels);
      return label(file, number);
    } catch (IOException e) {
      throw new DataException("CIFAR file " + file + " cannot be read: " + IoErrors.of(e), e);
    }
  }

  private int label(File file, long number) {
    int label = record[layout.labelAt] & 0xff;
    if (label >= labels.size()) {
      throw bad(
          file.toPath(),
          number,
          "CIFAR file %s has label %s in record %s (byte %s), expected 0 to %s."
              .formatted(file, label, number, number * record.length, labels.size() - 1));
    }
    return label;
  }

  private void interleave(byte[] pixels) {
    int red = layout.labelBytes;
    for (int i = 0, out = 0; i < PIXELS; i++) {
      pixels[out++] = record[red + i];
      pixels[out++] = record[red + PIXELS + i];
      pixels[out++] = record[red + 2 * PIXELS + i];
    }
  }

  @Override
  public void reset() {
    try {
      close();
    } catch (IOException e) {
      throw new DataException("CIFAR files cannot be closed: " + IoErrors.of(e), e);
    }
    position = 0;
    fileIndex = 0;
    inFile = 0;
  }

  @Override
  public void close() throws IOException {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  @Override
  public List<String> getLabels() {
    return labels;
  }

  @Override
  protected URI location() {
    return files.get(fileIndex).toURI();
  }

  @Override
  protected int height() {
    return SIZE;
  }

  @Override
  protected int width() {
    return SIZE;
  }

  @Override
  protected int channels() {
    return CHANNELS;
  }

  @Override
  protected int size() {
    return size;
  }

  @Override
  protected int position() {
    return position;
  }
}
