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
import java.util.stream.IntStream;
import org.datavec.api.split.InputSplit;
import org.descry.DescryException;

/**
 * Reads image files, whose class is the name of the folder below {@code root} that they lie in, in
 * the order of the split. Counts the sizes of the files as it goes.
 */
final class ImageFolderReader extends PixelRecordReader {
  private static final int BLOCK = 256; // a damaged file is told within so many

  private final ImageLoader loader;
  private final Path root;
  private final List<String> labels;
  private final List<File> files = new ArrayList<>();
  private final Map<String, Integer> sizes = new TreeMap<>();
  private int position;

  /**
   * @param root the folder of the classes' folders
   * @param labels the class names, indexed by label; every file lies below a folder of such a name
   */
  ImageFolderReader(ImageLoader loader, Path root, List<String> labels) {
    this.loader = loader;
    this.root = root;
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
  protected int nextInto(byte[] pixels) {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + files.size() + " images were read");
    }
    ImageLoader.Image image = loader.load(files.get(position).toPath());
    System.arraycopy(image.pixels(), 0, pixels, 0, pixels.length);
    return count(image);
  }

  /** Counts the image at the position, moves on and returns its label. */
  private int count(ImageLoader.Image image) {
    sizes.merge(image.originalHeight() + "x" + image.originalWidth(), 1, Integer::sum);
    Path file = files.get(position++).toPath();
    return labels.indexOf(root.toAbsolutePath().relativize(file).getName(0).toString());
  }

  /** Several files at a time; of several damaged ones the first is named. */
  @Override
  public ImageSet readAll() {
    reset();
    byte[][] images = new byte[files.size()][];
    int[] label = new int[files.size()];
    while (hasNext()) {
      int from = position;
      Object[] block =
          IntStream.range(from, Math.min(files.size(), from + BLOCK))
              .parallel()
              .mapToObj(this::loadOrFail)
              .toArray();
      for (Object loaded : block) {
        if (loaded instanceof DescryException failure) {
          throw failure;
        }
        ImageLoader.Image image = (ImageLoader.Image) loaded;
        int at = position;
        images[at] = image.pixels();
        label[at] = count(image);
      }
    }
    return new ImageSet(height(), width(), channels(), labels, images, label);
  }

  private Object loadOrFail(int index) {
    try {
      return loader.load(files.get(index).toPath());
    } catch (DescryException e) {
      return e;
    }
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
  protected URI location() {
    return files.get(position).toURI();
  }

  @Override
  protected int height() {
    return loader.height();
  }

  @Override
  protected int width() {
    return loader.width();
  }

  @Override
  protected int channels() {
    return loader.channels();
  }

  @Override
  protected int size() {
    return files.size();
  }

  @Override
  protected int position() {
    return position;
  }
}
