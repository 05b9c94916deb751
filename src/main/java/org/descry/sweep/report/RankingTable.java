package org.descry.sweep.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.descry.report.Html;
import org.descry.sweep.Candidate;
import org.descry.sweep.space.Dimension;

/** The candidates of a sweep as a table, best first. */
record RankingTable(SweepResults results, List<Standing> standings, Path folder) {
  private static final String NOTHING = "–";

  String html() {
    return "<h2>Ranking</h2>\n<div class='ranking'>"
        + Html.table(header() + standings.stream().map(this::row).collect(Collectors.joining("\n")))
        + "</div>\n";
  }

  private String header() {
    StringBuilder header = new StringBuilder("<tr>");
    for (String name : columns()) {
      header.append("<th>").append(Html.escape(name)).append("</th>");
    }
    Map<String, String> names = ShortNames.of(results.dimensions());
    names.forEach(
        (key, name) ->
            header.append("<th title='%s'>%s</th>".formatted(Html.escape(key), Html.escape(name))));
    return header.append("<th>seconds</th><th class='text'>result</th></tr>\n").toString();
  }

  private String row(Standing standing) {
    Candidate candidate = standing.candidate();
    StringBuilder row = new StringBuilder("<tr data-c='%d'>".formatted(standing.number()));
    Html.cell(row, standing.scored() ? Integer.toString(standing.rank()) : NOTHING);
    Html.cell(row, Integer.toString(standing.number()));
    Html.cell(row, number(candidate.score()));
    if (repeated()) {
      Html.cell(row, standing.successes() > 1 ? number(candidate.spread()) : NOTHING);
    }
    for (Dimension dimension : results.dimensions()) {
      Html.cell(row, setting(candidate.settings().get(dimension.key())));
    }
    Html.cell(row, String.format(Locale.ROOT, "%.1f", standing.seconds()));
    return row.append("<td class='text'>").append(result(standing)).append("</td></tr>").toString();
  }

  private List<String> columns() {
    String metric = results.objective().metric();
    return repeated()
        ? List.of("rank", "candidate", metric, "spread")
        : List.of("rank", "candidate", metric);
  }

  private boolean repeated() {
    return standings.stream().anyMatch(standing -> standing.candidate().trials().size() > 1);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? NOTHING : Marks.number(value);
  }

  private static String setting(JsonNode value) {
    return value != null && value.isNumber() && !value.isIntegralNumber()
        ? Html.compact(value.doubleValue())
        : Html.escape(Standing.text(value));
  }

  /** What went wrong, and links to the reports of the trainings that went well. */
  private String result(Standing standing) {
    String reports =
        standing.candidate().trials().stream()
            .filter(trial -> trial.succeeded() && trial.folder() != null)
            .map(
                trial ->
                    Links.html(
                        folder,
                        trial.folder().resolve("report.html"),
                        trial.repeat() == 0 ? "report" : Integer.toString(trial.repeat() + 1)))
            .collect(Collectors.joining(" "));
    if (standing.status().equals("done")) {
      return reports;
    }
    return "<b>%s</b> %s %s"
        .formatted(standing.status(), Html.escape(standing.failure()), reports)
        .strip();
  }
}
