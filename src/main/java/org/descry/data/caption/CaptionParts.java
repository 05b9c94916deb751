package org.descry.data.caption;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Intake;
import org.descry.data.Part;
import org.descry.data.Seeds;
import org.descry.data.caption.file.ImageName;
import org.descry.data.caption.file.Location;
import org.descry.data.caption.file.TextLines;
import org.descry.io.Excerpt;
import org.descry.io.IoErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which part of the data an image belongs to. */
final class CaptionParts {
  private static final int HELD_OUT = 10;
  private static final String RESTVAL = "restval";

  private static final Logger LOG = LoggerFactory.getLogger(CaptionParts.class);

  // In the order of the lists.
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();

  private CaptionParts() {}

  /**
   * Reads lists of image names.
   *
   * @throws DescryException if a file is missing or empty, or names an image of another part
   */
  static CaptionParts read(CaptionFiles.SplitLists lists) {
    CaptionParts parts = new CaptionParts();
    parts.put(Part.TRAIN, lists.train());
    parts.put(Part.VALIDATION, lists.validation());
    parts.put(Part.TEST, lists.test());
    return parts;
  }

  private void put(Part part, Path list) {
    if (list == null) {
      return;
    }
    if (!Files.isRegularFile(list)) {
      throw new DataException(
          "The list of image names %s %s; expected a file with a name a line."
              .formatted(list, Files.isDirectory(list) ? "is a folder" : "does not exist"));
    }
    int before = parts.size();
    try (TextLines lines = new TextLines(list)) {
      for (String name = lines.next(); name != null; name = lines.next()) {
        Part other = parts.put(name.strip(), part);
        if (other != null && other != part) {
          throw new DataException(
              "%s: the image %s is in the %s part too; expected it in one."
                  .formatted(lines.location(), Excerpt.of(name.strip()), other));
        }
      }
    } catch (IOException e) {
      throw new DataException("Cannot read the list " + list + ": " + IoErrors.of(e), e);
    }
    if (parts.size() == before) {
      throw new DataException(
          "The list of image names " + list + " is empty; expected a name a line.");
    }
  }

  /** The part of an image, named with or without folder and ending; null if it is in none. */
  Part of(ImageName image) {
    for (String name : List.of(image.path(), image.file())) {
      for (String told : List.of(name, ImageName.withoutEnding(name))) {
        Part part = parts.get(told);
        if (part != null) {
          asked.add(told);
          return part;
        }
      }
    }
    return null;
  }

  /** Tells of names that no image was asked for by: typing errors, or another folder's. */
  void warnOfOthers() {
    List<String> others = parts.keySet().stream().filter(name -> !asked.contains(name)).toList();
    if (!others.isEmpty()) {
      LOG.warn(
          "Images in data.splits that no caption is of: {} of {}: {}",
          others.size(),
          parts.size(),
          Intake.examples(others.stream().map(Excerpt::of).toList()));
    }
  }

  /**
   * The part that a caption file's own word means; Karpathy's {@code restval} are validation images
   * that everybody trains on.
   */
  static Part ofWord(String word, Location location) {
    Part part =
        word.strip().toLowerCase(Locale.ROOT).equals(RESTVAL) ? Part.TRAIN : Part.ofWord(word);
    if (part == null) {
      throw new DataException(
          location + ": expected the split train, restval, val or test, got: " + Excerpt.of(word));
    }
    return part;
  }

  /** Holds out a tenth of {@code paths} each for validation and test, at least one of three. */
  static CaptionParts holdOut(Collection<String> paths, long seed) {
    // Sorted, so that the parts do not depend on the order of the file.
    List<String> sorted = paths.stream().sorted().toList();
    int[] order = IntStream.range(0, sorted.size()).toArray();
    Seeds.shuffle(order, Seeds.random(seed));
    int held = sorted.size() < Part.values().length ? 0 : Math.max(1, sorted.size() / HELD_OUT);
    CaptionParts drawn = new CaptionParts();
    for (int i = 0; i < order.length; i++) {
      Part part = i < held ? Part.TEST : i < 2 * held ? Part.VALIDATION : Part.TRAIN;
      drawn.parts.put(sorted.get(order[i]), part);
    }
    return drawn;
  }
}
