package org.descry.export;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table in Markdown. */
final class Table {
  private final List<String> lines = new ArrayList<>();

  Table(String... columns) {
    row((Object[]) columns);
    lines.add("|---".repeat(columns.length) + "|");
  }

  Table row(Object... cells) {
    lines.add(
        List.of(cells).stream()
            .map(cell -> cell.toString().replace("|", "\\|"))
            .collect(Collectors.joining(" | ", "| ", " |")));
    return this;
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
