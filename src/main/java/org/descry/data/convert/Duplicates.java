package org.descry.data.convert;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;

/** Images that are in the training part and, pixel by pixel, in another part too. */
final class Duplicates {
  private static final int SHOWN = 5;

  private Duplicates() {}

  /** A line for each part that has some; images are compared at the size that they were read at. */
  static List<String> lines(ImageSplits splits) {
    Map<ByteBuffer, Integer> trained = new HashMap<>();
    for (int i = 0; i < splits.train().size(); i++) {
      trained.putIfAbsent(ByteBuffer.wrap(splits.train().pixels(i)), i);
    }
    List<String> lines = new ArrayList<>();
    add("validation", splits.validation(), splits.train(), trained, lines);
    add("test", splits.test(), splits.train(), trained, lines);
    return lines;
  }

  private static void add(
      String part,
      ImageSet images,
      ImageSet train,
      Map<ByteBuffer, Integer> trained,
      List<String> lines) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      Integer same = trained.get(ByteBuffer.wrap(images.pixels(i)));
      if (same != null) {
        found.add("%s is %s".formatted(images.name(i), train.name(same)));
      }
    }
    if (!found.isEmpty()) {
      lines.add(
          "%s images of the %s part are in the training part too: %s%s"
              .formatted(
                  found.size(),
                  part,
                  String.join(", ", found.subList(0, Math.min(SHOWN, found.size()))),
                  found.size() > SHOWN ? ", ..." : ""));
    }
  }
}
