package org.descry.data.image.cifar;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.io.Excerpt;

/** Class names as a data set's file lists them. */
final class ClassNames {
  private static final int MOST = 256; // a label is a byte

  private ClassNames() {}

  /**
   * @throws DescryException for a name that would be read otherwise than it is written
   */
  static void requireLines(List<String> names) {
    for (String name : names) {
      if (!name.lines().map(String::strip).toList().equals(List.of(name))) {
        throw new DataException(
            "The class name \"%s\" cannot stand on a line; expected one without line ends, and without blanks around it."
                .formatted(Excerpt.of(name)));
      }
    }
  }

  /**
   * @param file where the names are from, for messages
   * @return {@code names}
   * @throws DescryException if there are none or too many, or one is there twice
   */
  static List<String> checked(List<String> names, Path file) {
    if (names.isEmpty() || names.size() > MOST) {
      throw new DataException(
          "%s names %s classes, expected 1 to %s, a name a line."
              .formatted(file, names.size(), MOST));
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new DataException(
            "%s names the class %s twice (classes %s and %s, counted from 0); expected a name of its own for each class."
                .formatted(file, Excerpt.of(name), names.indexOf(name), names.lastIndexOf(name)));
      }
    }
    return names;
  }
}
