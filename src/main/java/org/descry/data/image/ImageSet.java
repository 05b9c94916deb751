package org.descry.data.image;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Fingerprint;
import org.descry.data.Seeds;

/**
 * Labelled images of one size, a byte a channel, channels-last (H x W x C, RGB order), in memory or
 * wherever their {@link Pixels} lie.
 *
 * <p>Immutable. Subsets and splits share the pixels of the set they come from, so that they cost a
 * reference an image. The set may be empty: a data source without a test part has an empty one.
 */
public final class ImageSet {
  private final int height;
  private final int width;
  private final int channels;
  private final List<String> labelNames;
  private final Pixels[] images;
  private final int[] labels;
  private final String[] names;

  /** The two parts of {@link #split}. */
  public record Split(ImageSet rest, ImageSet heldOut) {}

  /**
   * @param labelNames the name of each class, indexed by label
   * @param images H x W x C bytes each; kept, not copied
   * @param labels 0 to the number of names - 1, one an image; kept, not copied
   * @throws IllegalArgumentException if the sizes or the labels do not fit one another
   */
  public ImageSet(
      int height, int width, int channels, List<String> labelNames, byte[][] images, int[] labels) {
    this(height, width, channels, labelNames, held(images), labels, null);
    for (int i = 0; i < images.length; i++) {
      check(
          images[i].length == height * width * channels,
          "image " + i + " has " + images[i].length + " bytes");
    }
  }

  private static Pixels[] held(byte[][] images) {
    return Arrays.stream(images).map(Pixels::held).toArray(Pixels[]::new);
  }

  /**
   * Images that may lie elsewhere than in memory.
   *
   * @param images of H x W x C bytes each; kept, not copied
   * @param names of the images, such as their files'; null for none; kept, not copied
   */
  public ImageSet(
      int height,
      int width,
      int channels,
      List<String> labelNames,
      Pixels[] images,
      int[] labels,
      String[] names) {
    check(height > 0 && width > 0, "expected a positive size, got: " + height + " x " + width);
    check(channels == 1 || channels == 3, "expected 1 or 3 channels, got: " + channels);
    check(
        images.length == labels.length,
        "expected a label an image, got: " + images.length + " and " + labels.length);
    for (int label : labels) {
      check(
          label >= 0 && label < labelNames.size(),
          "expected labels below " + labelNames.size() + ", got: " + label);
    }
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.labelNames = List.copyOf(labelNames);
    this.images = images;
    this.labels = labels;
    this.names = names;
  }

  /**
   * The same images with the labels of another order of the classes, matched by name.
   *
   * @param names the classes in the order wanted
   * @param source where the images come from
   * @throws DataException if one side has a class that the other lacks
   */
  public ImageSet ordered(List<String> names, String source) {
    if (new HashSet<>(names).size() < names.size()) {
      throw new DataException(
          "%s cannot be matched by name to the classes %s, two of which have one name; expected a name of its own for each."
              .formatted(source, names));
    }
    List<String> unknown = labelNames.stream().filter(name -> !names.contains(name)).toList();
    List<String> missing = names.stream().filter(name -> !labelNames.contains(name)).toList();
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw new DataException(
          "%s: expected the classes %s; got %s besides, and not %s."
              .formatted(source, names, unknown, missing));
    }
    int[] ordered =
        Arrays.stream(labels).map(label -> names.indexOf(labelNames.get(label))).toArray();
    return new ImageSet(height, width, channels, names, images, ordered, this.names);
  }

  public int size() {
    return labels.length;
  }

  public boolean isEmpty() {
    return labels.length == 0;
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  public int channels() {
    return channels;
  }

  /** The number of classes. */
  public int classes() {
    return labelNames.size();
  }

  public List<String> labelNames() {
    return labelNames;
  }

  public int label(int index) {
    return labels[index];
  }

  /** What an image is called: its file below the folder of its part, else its number from 1. */
  public String name(int index) {
    return names == null ? Integer.toString(index + 1) : names[index];
  }

  /** A copy of one image: H x W x C bytes, to be read unsigned. */
  public byte[] image(int index) {
    return images[index].bytes().clone();
  }

  /** One image itself, which nobody may write to. */
  public byte[] pixels(int index) {
    return images[index].bytes();
  }

  /** Adds all of it. */
  public void addTo(Fingerprint fingerprint) {
    fingerprint.add(kind()).add(labelNames).add(labels);
    for (Pixels image : images) {
      fingerprint.add(image.bytes());
    }
  }

  /** How many images each class has. */
  public int[] counts() {
    int[] counts = new int[classes()];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }

  /** The images {@code from} (inclusive) to {@code to} (exclusive). */
  public ImageSet subset(int from, int to) {
    return select(IntStream.range(from, to).toArray());
  }

  /** The images at {@code indices}, in that order. */
  public ImageSet select(int[] indices) {
    Pixels[] selected = new Pixels[indices.length];
    int[] selectedLabels = new int[indices.length];
    String[] selectedNames = new String[indices.length];
    for (int i = 0; i < indices.length; i++) {
      selected[i] = images[indices[i]];
      selectedLabels[i] = labels[indices[i]];
      selectedNames[i] = name(indices[i]);
    }
    return new ImageSet(
        height, width, channels, labelNames, selected, selectedLabels, selectedNames);
  }

  /**
   * Holds out {@code count} images, each class in proportion to its size (largest remainder), drawn
   * from {@code seed}. Both parts keep the order of this set.
   *
   * @throws DescryException if {@code count} is negative or would leave nothing
   */
  public Split split(int count, long seed) {
    if (count < 0 || count >= Math.max(size(), 1)) {
      throw new DataException(
          "Cannot hold out %s of %s images (data.validation); expected at least one to stay."
              .formatted(count, size()));
    }
    int[] quota = quotas(count);
    int[] order = IntStream.range(0, size()).toArray();
    Seeds.shuffle(order, Seeds.random(seed, size()));
    boolean[] out = new boolean[size()];
    for (int index : order) {
      if (quota[labels[index]] > 0) {
        quota[labels[index]]--;
        out[index] = true;
      }
    }
    return new Split(
        select(IntStream.range(0, size()).filter(i -> !out[i]).toArray()),
        select(IntStream.range(0, size()).filter(i -> out[i]).toArray()));
  }

  private int[] quotas(int count) {
    int[] counts = counts();
    int[] quota = new int[counts.length];
    long[] remainder = new long[counts.length];
    int left = count;
    for (int k = 0; k < counts.length; k++) {
      long share = (long) counts[k] * count;
      quota[k] = (int) (share / Math.max(size(), 1));
      remainder[k] = share % Math.max(size(), 1);
      left -= quota[k];
    }
    IntStream.range(0, counts.length)
        .boxed()
        .sorted((a, b) -> Long.compare(remainder[b], remainder[a]))
        .limit(left)
        .forEach(k -> quota[k]++);
    return quota;
  }

  void requireSameKind(ImageSet other) {
    if (!kind().equals(other.kind()) || !labelNames.equals(other.labelNames)) {
      throw new DataException(
          "The parts of a data set must agree in size and classes, but one has %s images of %s and"
                  .formatted(kind(), labelNames)
              + " another %s of %s.".formatted(other.kind(), other.labelNames));
    }
  }

  /** The size as people write it: height x width x channels. */
  public String kind() {
    return height + "x" + width + "x" + channels;
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
