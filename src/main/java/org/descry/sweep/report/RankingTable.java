package org.descry.sweep.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.descry.metrics.Metric;
import org.descry.report.Html;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Candidate;

/** The candidates of a sweep as a table, best first. */
record RankingTable(SweepResults results, List<RankedCandidate> ranking, Path folder) {
  private static final String NOTHING = "–";

  String html() {
    return "<h2>Ranking</h2>\n<div class='ranking'>"
        + Html.table(header() + ranking.stream().map(this::row).collect(Collectors.joining("\n")))
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

  private String row(RankedCandidate ranked) {
    Candidate candidate = ranked.candidate();
    StringBuilder row = new StringBuilder("<tr data-c='%s'>".formatted(ranked.number()));
    Html.cell(row, ranked.scored() ? Integer.toString(ranked.rank()) : NOTHING);
    Html.cell(row, Integer.toString(ranked.number()));
    Html.cell(row, number(candidate.score()));
    if (repeated()) {
      Html.cell(row, ranked.successes() > 1 ? number(candidate.spread()) : NOTHING);
    }
    for (Dimension dimension : results.dimensions()) {
      Html.cell(row, setting(candidate.settings().get(dimension.key())));
    }
    Html.cell(row, String.format(Locale.ROOT, "%.1f", ranked.seconds()));
    return row.append("<td class='text'>").append(result(ranked)).append("</td></tr>").toString();
  }

  private List<String> columns() {
    String metric = Metric.title(results.objective().metric());
    return repeated()
        ? List.of("rank", "candidate", metric, "spread")
        : List.of("rank", "candidate", metric);
  }

  private boolean repeated() {
    return ranking.stream().anyMatch(ranked -> ranked.candidate().trials().size() > 1);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? NOTHING : CandidateStyle.number(value);
  }

  private static String setting(JsonNode value) {
    return value != null && value.isNumber() && !value.isIntegralNumber()
        ? Html.compact(value.doubleValue())
        : Html.escape(RankedCandidate.text(value));
  }

  /** What went wrong, and links to the reports of the trainings that went well. */
  private String result(RankedCandidate ranked) {
    String reports =
        ranked.candidate().trials().stream()
            .filter(trial -> trial.succeeded() && trial.folder() != null)
            .map(
                trial ->
                    Links.html(
                        folder,
                        trial.folder().resolve("report.html"),
                        trial.repeat() == 0 ? "report" : Integer.toString(trial.repeat() + 1)))
            .collect(Collectors.joining(" "));
    if (ranked.status().equals("done")) {
      return reports;
    }
    if (ranked.candidate().pruned()) {
      return "<b>pruned</b> after epoch " + ranked.candidate().epochs();
    }
    return "<b>%s</b> %s %s"
        .formatted(ranked.status(), Html.escape(ranked.failure()), reports)
        .strip();
  }
}
