package org.descry.data.image;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.datavec.api.split.InputSplit;

/**
 * Reads image files whose folder's name is their class, in the order of the split. Counts the sizes
 * of the files as it goes.
 */
final class ImageFolderReader extends PixelRecordReader {
  private final PictureLoader loader;
  private final int height;
  private final int width;
  private final int channels;
  private final List<String> labels;
  private final List<File> files = new ArrayList<>();
  private final Map<String, Integer> sizes = new TreeMap<>();
  private int position;

  /**
   * @param labels the class names, indexed by label; every file lies in a folder of such a name
   */
  ImageFolderReader(int height, int width, int channels, List<String> labels) {
    this.loader = new PictureLoader(height, width, channels);
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.labels = labels;
  }

  @Override
  public void initialize(InputSplit split) throws IOException, InterruptedException {
    super.initialize(split);
    files.clear();
    for (URI location : split.locations()) {
      files.add(Path.of(location).toFile());
    }
    reset();
  }

  @Override
  int nextInto(byte[] pixels) {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + files.size() + " images were read");
    }
    File file = files.get(position++);
    PictureLoader.Picture picture = loader.load(file.toPath());
    System.arraycopy(picture.pixels(), 0, pixels, 0, pixels.length);
    sizes.merge(picture.originalHeight() + "x" + picture.originalWidth(), 1, Integer::sum);
    return labels.indexOf(file.getParentFile().getName());
  }

  /** How many files had each size, written height x width, since the last reset. */
  Map<String, Integer> sizes() {
    return sizes;
  }

  @Override
  public void reset() {
    position = 0;
    sizes.clear();
  }

  @Override
  public void close() {}

  @Override
  public List<String> getLabels() {
    return labels;
  }

  @Override
  URI location() {
    return files.get(position).toURI();
  }

  @Override
  int height() {
    return height;
  }

  @Override
  int width() {
    return width;
  }

  @Override
  int channels() {
    return channels;
  }

  @Override
  int size() {
    return files.size();
  }

  @Override
  int position() {
    return position;
  }
}
