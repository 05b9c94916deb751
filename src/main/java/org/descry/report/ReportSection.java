package org.descry.report;

/**
 * A part of a page below a headline of its own.
 *
 * @param title plain text
 * @param html what follows it
 */
public record ReportSection(String title, String html) {
  /** The section with its headline. */
  @Override
  public String toString() {
    return "<h2>" + Html.escape(title) + "</h2>\n" + html + "\n";
  }
}
