package org.descry.cli.progress;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A line of figures, of which the less important ones go where there is no room for all. */
final class Figures {
  private final List<Figure> figures = new ArrayList<>();

  /**
   * @param rank 0 stays; the highest goes first
   * @param text with what parts it from the one before
   */
  private record Figure(int rank, String text) {}

  Figures add(int rank, String text) {
    figures.add(new Figure(rank, text));
    return this;
  }

  /** All of them. */
  String text() {
    return text(figures);
  }

  /** As many as fit, and shorter words where those that stay do not. */
  String within(int columns) {
    List<Figure> kept = new ArrayList<>(figures);
    while (Columns.of(text(kept)) > columns) {
      Figure least =
          kept.stream()
              .max(Comparator.comparingInt(Figure::rank).thenComparing(kept::indexOf))
              .orElseThrow();
      if (least.rank == 0) {
        return text(kept).replace("validation ", "val. ");
      }
      kept.remove(least);
    }
    return text(kept);
  }

  private static String text(List<Figure> figures) {
    return figures.stream().map(Figure::text).collect(Collectors.joining());
  }
}
