package org.descry.data.caption.feature;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.caption.file.ImageName;
import org.descry.io.Excerpt;

/**
 * Which features belong to which image. All are named in one way: after the image's file, with or
 * without its ending or folder, or after one of its numbers, since a number of one way is the
 * number of another image in another.
 */
public final class FeatureNaming {
  /** A way to name features, the likelier first. */
  private enum Way {
    FILE_NAME("file name", FeatureNaming::fileNames),
    COCO_ID("COCO id", image -> Stream.ofNullable(image.cocoId())),
    IMAGE_ID("imgid", image -> Stream.ofNullable(image.imageId()));

    private final String text;
    private final Function<ImageName, Stream<String>> names;

    Way(String text, Function<ImageName, Stream<String>> names) {
      this.text = text;
      this.names = names;
    }
  }

  private final FeatureFiles features;
  private final Way way;

  private FeatureNaming(FeatureFiles features, Way way) {
    this.features = features;
    this.way = way;
  }

  /**
   * Finds out how features are named: as most images find theirs.
   *
   * @throws DescryException if two ways find as many, and not the same; or two images share a
   *     vector
   */
  public static FeatureNaming of(FeatureFiles features, Collection<ImageName> images) {
    List<FeatureNaming> namings =
        Arrays.stream(Way.values()).map(way -> new FeatureNaming(features, way)).toList();
    FeatureNaming best =
        namings.stream().max(Comparator.comparingLong(n -> n.found(images))).orElseThrow();
    long found = best.found(images);
    FeatureNaming naming =
        namings.stream().filter(n -> n.found(images) == found).findFirst().orElseThrow();
    naming.requireOwn(images);
    if (found > 0 && naming.way != Way.FILE_NAME) {
      for (FeatureNaming other : namings) {
        if (other.found(images) == found && !naming.agrees(other, images)) {
          throw new DataException(
              "The features %s may be named by %s or by %s; expected names that fit one alone:"
                      .formatted(features.source(), naming.way.text, other.way.text)
                  + " name them after the image files.");
        }
      }
    }
    return naming;
  }

  /** The vector of an image, null if there is none. */
  public float[] find(ImageName image) {
    return way.names
        .apply(image)
        .map(features::get)
        .filter(v -> v != null)
        .findFirst()
        .orElse(null);
  }

  /** Whether an image has none because its vector was bad. */
  public boolean leftOut(ImageName image) {
    return way.names.apply(image).anyMatch(features::leftOut);
  }

  private static Stream<String> fileNames(ImageName image) {
    String path = image.path();
    String bare = image.file().substring(image.file().lastIndexOf('/') + 1);
    return Stream.of(path, image.file(), bare)
        .flatMap(name -> Stream.of(name, ImageName.withoutEnding(name)));
  }

  private long found(Collection<ImageName> images) {
    return images.stream().filter(image -> find(image) != null).count();
  }

  private boolean agrees(FeatureNaming other, Collection<ImageName> images) {
    return images.stream().allMatch(image -> find(image) == other.find(image));
  }

  private void requireOwn(Collection<ImageName> images) {
    Map<float[], ImageName> owners = new IdentityHashMap<>();
    for (ImageName image : images) {
      float[] vector = find(image);
      ImageName owner = vector == null ? null : owners.put(vector, image);
      if (owner != null) {
        throw new DataException(
            "The features %s are named by %s, and %s and %s share one; expected one of its own for"
                    .formatted(
                        features.source(),
                        way.text,
                        Excerpt.of(owner.path()),
                        Excerpt.of(image.path()))
                + " each image.");
      }
    }
  }
}
