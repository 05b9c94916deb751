package org.descry.data.caption.feature;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.descry.data.caption.file.TextLines;
import org.descry.io.EndingFiles;
import org.descry.io.Excerpt;
import org.descry.io.IoErrors;

/**
 * Feature vectors by name, read from one of
 *
 * <ul>
 *   <li>a directory of {@code NAME.npy}, one vector each;
 *   <li>an {@code .npz} with one vector an entry;
 *   <li>an {@code .npy} matrix with one row an image, beside a {@code .txt} of the same name with
 *       one NAME a line.
 * </ul>
 *
 * What a NAME is, {@link FeatureNaming} finds out.
 */
public final class FeatureFiles {
  private static final String NPY = ".npy";

  /** Far above any network; what claims more is not taken memory for. */
  private static final int MAX_WIDTH = 1 << 24;

  private final Path source;
  private final Intake intake;
  private final Map<String, float[]> vectors = new HashMap<>();
  private final Set<String> leftOut = new HashSet<>();
  private int width = -1;

  private FeatureFiles(Path source, Intake intake) {
    this.source = source;
    this.intake = intake;
  }

  /**
   * Reads all vectors of {@code source}. One that is damaged, of another width than the first, or
   * of a name that was there already, is a bad record.
   *
   * @throws DescryException if it is missing or damaged as a whole
   */
  public static FeatureFiles read(Path source, Intake intake) {
    FeatureFiles features = new FeatureFiles(source, intake);
    try {
      intake.reading(
          source,
          () -> {
            features.read();
            return null;
          });
    } catch (IOException e) {
      throw new DataException("Cannot read the features " + source + ": " + IoErrors.of(e), e);
    }
    if (features.vectors.isEmpty()) {
      throw new DataException("The features " + source + " hold no vector" + intake.sentence());
    }
    return features;
  }

  private void read() throws IOException {
    if (Files.isDirectory(source)) {
      readDirectory();
    } else if (source.toString().endsWith(".npz")) {
      readArchive();
    } else if (source.toString().endsWith(NPY)) {
      readMatrix();
    } else {
      throw new DataException(
          "The features " + source + " must be a directory of .npy, an .npz or an .npy");
    }
  }

  private void readDirectory() throws IOException {
    List<Path> files;
    try (var found = Files.list(source)) {
      files = found.filter(f -> f.toString().endsWith(NPY)).sorted().toList();
    }
    for (Path file : files) {
      String name = withoutNpy(file.getFileName().toString());
      attempt(
          name,
          file,
          null,
          () ->
              put(
                  name,
                  intake.reading(file, () -> readFile(file, this::requireVector))[0],
                  file.toString()));
    }
  }

  private interface Attempt {
    void run() throws IOException;
  }

  /** Whatever is wrong with one vector leaves that out. */
  private void attempt(String name, Path file, String position, Attempt attempt) {
    try {
      attempt.run();
    } catch (DescryException e) {
      leaveOut(name, new BadRecordException(file, position, e.getMessage()));
    } catch (IOException e) {
      leaveOut(
          name,
          new BadRecordException(file, position, file + " cannot be read: " + IoErrors.of(e)));
    }
  }

  private void leaveOut(String name, BadRecordException record) {
    leftOut.add(name);
    intake.leaveOut(record);
  }

  private static float[][] readFile(Path file, Consumer<NpyHeader> check) throws IOException {
    try (InputStream in = new BufferedInputStream(EndingFiles.open(file))) {
      return NpyReader.read(in, Files.size(file), file.toString(), check);
    }
  }

  /**
   * Reads by the central directory, which knows the sizes where the archive was written to a pipe.
   */
  private void readArchive() throws IOException {
    if (!Files.isRegularFile(source)) {
      throw new DataException("The features " + source + " do not exist");
    }
    try (ZipFile zip = new ZipFile(source.toFile())) {
      for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(e -> (ZipEntry) e)::iterator) {
        if (entry.getName().endsWith(NPY)) {
          String place = source + "!" + Excerpt.of(entry.getName());
          String name = withoutNpy(entry.getName());
          attempt(
              name,
              source,
              "entry " + entry.getName(),
              () -> put(name, readEntry(zip, entry, place), place));
        }
      }
    } catch (ZipException | IllegalArgumentException e) {
      throw new DataException(
          "The features " + source + " are no intact .npz: " + Excerpt.of(e.getMessage()), e);
    }
  }

  private float[] readEntry(ZipFile zip, ZipEntry entry, String place) throws IOException {
    CRC32 sum = new CRC32();
    try (InputStream in =
        new BufferedInputStream(new CheckedInputStream(zip.getInputStream(entry), sum))) {
      float[][] vector = NpyReader.read(in, entry.getSize(), place, this::requireVector);
      // The sum is known where everything is read.
      if (in.read() >= 0 || sum.getValue() != entry.getCrc()) {
        throw new DataException(place + ": expected one intact numpy array, got a damaged one");
      }
      return vector[0];
    }
  }

  private void readMatrix() throws IOException {
    String base = source.toString();
    Path list = Path.of(withoutNpy(base) + ".txt");
    List<String> names = names(list);
    float[][] matrix = readFile(source, header -> requireRows(header, names.size(), list));
    for (int i = 0; i < matrix.length; i++) {
      int row = i;
      attempt(names.get(i), source, "row " + i, () -> put(names.get(row), matrix[row], base));
    }
  }

  private static List<String> names(Path list) throws IOException {
    if (!Files.isRegularFile(list)) {
      throw new DataException(
          "The list of image names " + list + " beside the feature matrix does not exist");
    }
    List<String> names = new ArrayList<>();
    try (TextLines lines = new TextLines(list)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        names.add(line.strip());
      }
    }
    return names;
  }

  private static String withoutNpy(String name) {
    return name.endsWith(NPY) ? name.substring(0, name.length() - NPY.length()) : name;
  }

  private void requireVector(NpyHeader header) {
    if (header.rows() != 1) {
      throw new DataException(header.name() + ": expected one vector, got shape " + header.shape());
    }
    requireWidth(header);
  }

  private void requireRows(NpyHeader header, int names, Path list) {
    if (header.shape().size() != 2 || header.rows() != names) {
      throw new DataException(
          "%s: expected one row for each of the %s names in %s, got shape %s"
              .formatted(header.name(), names, list, header.shape()));
    }
    requireWidth(header);
  }

  private void requireWidth(NpyHeader header) {
    if (header.columns() > MAX_WIDTH) {
      throw new DataException(
          "%s: expected at most %s features, got: %s"
              .formatted(header.name(), MAX_WIDTH, header.columns()));
    }
    if (width >= 0 && header.columns() != width) {
      throw new DataException(
          "%s: expected %s features like those before, got: %s"
              .formatted(header.name(), width, header.columns()));
    }
    width = (int) header.columns();
  }

  private void put(String name, float[] vector, String place) {
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw new DataException(place + ": the features of " + Excerpt.of(name) + " hold " + value);
      }
    }
    if (vectors.putIfAbsent(name, vector) != null) {
      throw new DataException(
          place + ": expected each name once, got " + Excerpt.of(name) + " again");
    }
  }

  /** Number of features an image. */
  public int width() {
    return width;
  }

  /** Where the features come from. */
  Path source() {
    return source;
  }

  /** Whether a vector of the name was bad. */
  boolean leftOut(String name) {
    return leftOut.contains(name);
  }

  /** The vector of a name, null if there is none. */
  float[] get(String name) {
    return vectors.get(name);
  }
}
