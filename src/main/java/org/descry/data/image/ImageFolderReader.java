package org.descry.data.image;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.datavec.api.split.InputSplit;
import org.descry.data.Intake;

/**
 * Reads image files, whose class is the name of the folder below {@code root} that they lie in, in
 * the order of the split. Counts the sizes of the files as it goes.
 */
final class ImageFolderReader extends PixelRecordReader {
  private final ImageLoader loader;
  private final Path root;
  private final List<String> labels;
  private final List<Labelled> files = new ArrayList<>();
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

  /**
   * A file and its class.
   *
   * @param label index of the class's name
   * @param name its path below the folder of the classes' folders
   */
  record Labelled(Path file, int label, String name) {}

  @Override
  public void initialize(InputSplit split) throws IOException, InterruptedException {
    super.initialize(split);
    List<Labelled> found = new ArrayList<>();
    for (URI location : split.locations()) {
      Path file = Path.of(location);
      found.add(new Labelled(file, label(file), below(file).toString()));
    }
    initialize(found);
  }

  /** Reads these. */
  void initialize(List<Labelled> found) {
    files.clear();
    files.addAll(found);
    reset();
  }

  @Override
  protected int nextInto(byte[] pixels) {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + files.size() + " images were read");
    }
    Labelled next = files.get(position);
    ImageLoader.Image image = loader.load(next.file);
    System.arraycopy(image.pixels(), 0, pixels, 0, pixels.length);
    count(image);
    position++;
    return next.label;
  }

  private void count(ImageLoader.Image image) {
    sizes.merge(image.originalHeight() + "x" + image.originalWidth(), 1, Integer::sum);
  }

  private int label(Path file) {
    return labels.indexOf(below(file).getName(0).toString());
  }

  private Path below(Path file) {
    return root.toAbsolutePath().relativize(file);
  }

  /** Several files at a time. */
  @Override
  public ImageSet readAll(Intake intake) {
    reset();
    List<Read> read = intake.each(files, file -> read(file, intake));
    read.forEach(image -> count(image.image));
    position = files.size();
    return new ImageSet(
        height(),
        width(),
        channels(),
        labels,
        read.stream().map(image -> image.image.pixels()).toArray(byte[][]::new),
        read.stream().mapToInt(one -> one.of.label).toArray(),
        read.stream().map(one -> one.of.name).toArray(String[]::new));
  }

  private record Read(ImageLoader.Image image, Labelled of) {}

  private Read read(Labelled one, Intake intake) {
    return new Read(intake.reading(one.file, () -> loader.load(one.file)), one);
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
    return files.get(position).file.toUri();
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
