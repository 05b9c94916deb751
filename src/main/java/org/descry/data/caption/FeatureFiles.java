package org.descry.data.caption;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.descry.DataException;
import org.descry.DescryException;

/**
 * Feature vectors by picture name, read from one of
 *
 * <ul>
 *   <li>a directory of {@code NAME.npy}, one vector each;
 *   <li>an {@code .npz} with one vector an entry;
 *   <li>an {@code .npy} matrix with one row a picture, beside a {@code .txt} of the same name with
 *       one picture name a line.
 * </ul>
 *
 * NAME is the picture's file name with or without its ending.
 */
final class FeatureFiles {
  private static final String NPY = ".npy";

  private final Path source;
  private final Map<String, float[]> vectors = new HashMap<>();
  private int width = -1;

  private FeatureFiles(Path source) {
    this.source = source;
  }

  /**
   * Reads all vectors of {@code source}.
   *
   * @throws DescryException if it is missing or damaged, or its vectors differ in width
   */
  static FeatureFiles read(Path source) {
    FeatureFiles features = new FeatureFiles(source);
    try {
      if (Files.isDirectory(source)) {
        features.readDirectory();
      } else if (source.toString().endsWith(".npz")) {
        features.readArchive();
      } else if (source.toString().endsWith(NPY)) {
        features.readMatrix();
      } else {
        throw new DataException(
            "The features " + source + " must be a directory of .npy, an .npz or an .npy");
      }
    } catch (IOException e) {
      throw new DataException("Cannot read the features " + source + ": " + e.getMessage(), e);
    }
    if (features.vectors.isEmpty()) {
      throw new DataException("The features " + source + " hold no vector");
    }
    return features;
  }

  private void readDirectory() throws IOException {
    List<Path> files;
    try (var found = Files.list(source)) {
      files = found.filter(f -> f.toString().endsWith(NPY)).sorted().toList();
    }
    for (Path file : files) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
        putVector(file.getFileName().toString(), NpyReader.read(in, file.toString()), file + "");
      }
    }
  }

  private void readArchive() throws IOException {
    try (ZipInputStream zip =
        new ZipInputStream(new BufferedInputStream(Files.newInputStream(source)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = source + "!" + entry.getName();
        putVector(entry.getName(), NpyReader.read(zip, name), name);
      }
    } catch (ZipException | IllegalArgumentException e) {
      throw new DataException("The features " + source + " are no intact .npz", e);
    }
  }

  private void readMatrix() throws IOException {
    String base = source.toString();
    Path list = Path.of(base.substring(0, base.length() - NPY.length()) + ".txt");
    List<String> names = names(list);
    NpyReader.Array matrix;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(source))) {
      matrix = NpyReader.read(in, base);
    }
    if (matrix.shape().length != 2 || matrix.shape()[0] != names.size()) {
      throw new DataException(
          base
              + ": expected one row for each of the "
              + names.size()
              + " names in "
              + list
              + ", got shape "
              + Arrays.toString(matrix.shape()));
    }
    int columns = matrix.shape()[1];
    for (int i = 0; i < names.size(); i++) {
      put(names.get(i), Arrays.copyOfRange(matrix.values(), i * columns, (i + 1) * columns), base);
    }
  }

  private static List<String> names(Path list) throws IOException {
    if (!Files.isRegularFile(list)) {
      throw new DataException(
          "The list of picture names " + list + " beside the feature matrix does not exist");
    }
    List<String> names = new ArrayList<>();
    try (CaptionLines lines = new CaptionLines(list)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        names.add(line.strip());
      }
    }
    return names;
  }

  private void putVector(String fileName, NpyReader.Array array, String place) {
    int[] shape = array.shape();
    if (shape.length == 2 && shape[0] != 1) {
      throw new DataException(place + ": expected one vector, got shape " + Arrays.toString(shape));
    }
    String name =
        fileName.endsWith(NPY) ? fileName.substring(0, fileName.length() - NPY.length()) : fileName;
    put(name, array.values(), place);
  }

  private void put(String name, float[] vector, String place) {
    if (width < 0) {
      width = vector.length;
    }
    if (vector.length != width || width == 0) {
      throw new DataException(
          place
              + ": expected "
              + (width == 0 ? "at least one feature" : width + " features like those before")
              + ", got: "
              + vector.length);
    }
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw new DataException(place + ": the features of " + name + " hold " + value);
      }
    }
    vectors.put(name, vector);
  }

  /** Number of features a picture. */
  int width() {
    return width;
  }

  /** The vector of picture {@code image}, null if there is none. */
  float[] find(String image) {
    float[] vector = vectors.get(image);
    int dot = image.lastIndexOf('.');
    return vector == null && dot > 0 ? vectors.get(image.substring(0, dot)) : vector;
  }
}
