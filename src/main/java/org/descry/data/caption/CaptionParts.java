package org.descry.data.caption;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Seeds;

/** Decides which part of the data a picture belongs to. */
final class CaptionParts {
  /** A part of the data. */
  enum Part {
    TRAIN,
    VALIDATION,
    TEST
  }

  private static final int HELD_OUT = 10;

  private CaptionParts() {}

  /**
   * Reads lists of picture names.
   *
   * @throws DescryException if a file is missing or empty, or names a picture of another part
   */
  static Map<String, Part> read(CaptionFiles.SplitLists lists) {
    Map<String, Part> parts = new HashMap<>();
    put(parts, Part.TRAIN, lists.train());
    put(parts, Part.VALIDATION, lists.validation());
    put(parts, Part.TEST, lists.test());
    return parts;
  }

  private static void put(Map<String, Part> parts, Part part, Path list) {
    if (list == null) {
      return;
    }
    if (!Files.isRegularFile(list)) {
      throw new DataException("The list of picture names " + list + " does not exist");
    }
    int before = parts.size();
    try (CaptionLines lines = new CaptionLines(list)) {
      for (String name = lines.next(); name != null; name = lines.next()) {
        Part other = parts.put(name.strip(), part);
        if (other != null && other != part) {
          throw new DataException(
              "%s: the picture %s is in the %s part too"
                  .formatted(lines.location(), name.strip(), name(other)));
        }
      }
    } catch (IOException e) {
      throw new DataException("Cannot read the list " + list + ": " + e.getMessage(), e);
    }
    if (parts.size() == before) {
      throw new DataException("The list of picture names " + list + " is empty");
    }
  }

  static String name(Part part) {
    return part.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The part that a caption file's own word means; Karpathy's {@code restval} are validation
   * pictures that everybody trains on.
   */
  static Part ofWord(String word, String location) {
    return switch (word) {
      case "train", "restval" -> Part.TRAIN;
      case "val", "validation", "dev" -> Part.VALIDATION;
      case "test" -> Part.TEST;
      default ->
          throw new DataException(
              location + ": expected the split train, restval, val or test, got: " + word);
    };
  }

  /** Holds out a tenth of {@code names} each for validation and test. */
  static Map<String, Part> holdOut(Collection<String> names, long seed) {
    // Sorted, so that the parts do not depend on the order of the file.
    List<String> sorted = names.stream().sorted().toList();
    int[] order = IntStream.range(0, sorted.size()).toArray();
    Seeds.shuffle(order, Seeds.random(seed));
    int held = sorted.size() / HELD_OUT;
    Map<String, Part> parts = new HashMap<>();
    for (int i = 0; i < order.length; i++) {
      Part part = i < held ? Part.TEST : i < 2 * held ? Part.VALIDATION : Part.TRAIN;
      parts.put(sorted.get(order[i]), part);
    }
    return parts;
  }
}
