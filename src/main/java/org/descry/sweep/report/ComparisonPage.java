package org.descry.sweep.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.descry.io.Json;
import org.descry.metrics.Metric;
import org.descry.report.Html;
import org.descry.report.Page;

/**
 * Several sweeps of one objective beside one another, as a page without anything outside itself.
 */
record ComparisonPage(List<SweepResults> sweeps) {
  private static final String STYLE =
      """
      .sweep polyline { stroke-width: 2.5; }
      td:first-child { white-space: nowrap; }
      td:last-child { min-width: 20rem; overflow-wrap: anywhere; }
      """;

  String html() {
    List<History> histories = sweeps.stream().map(History::of).toList();
    List<String> attributes =
        IntStream.range(0, sweeps.size())
            .mapToObj(i -> "class='sweep hue' style='%s'".formatted(Html.hue(i, sweeps.size())))
            .toList();
    String figures =
        Stream.of(History.Cost.values())
            .map(cost -> History.figure(histories, attributes, cost))
            .collect(Collectors.joining());
    String objective = sweeps.get(0).objective().metric();
    return Page.html(
        "Sweeps by " + Metric.words(objective),
        STYLE,
        "<main>%s<h2>History</h2>\n%s</main>\n".formatted(Html.table(rows(histories)), figures));
  }

  private String rows(List<History> histories) {
    StringBuilder rows =
        new StringBuilder(
            "<tr><th class='text'>sweep</th><th class='text'>strategy</th><th>best</th>"
                + "<th>candidates</th><th>pruned</th><th>failed</th><th>epochs</th>"
                + "<th>seconds of training</th><th class='text'>best settings</th></tr>\n");
    for (int i = 0; i < sweeps.size(); i++) {
      SweepResults sweep = sweeps.get(i);
      List<RankedCandidate> ranking = RankedCandidate.of(sweep);
      History.Point end = histories.get(i).end();
      rows.append(
          "<tr><td class='text'>%s%s</td>"
              .formatted(Html.swatch(i, sweeps.size()), Html.escape(sweep.name())));
      rows.append("<td class='text'>%s</td>".formatted(Html.escape(sweep.strategy())));
      Html.cell(rows, CandidateStyle.number(end.best()));
      Html.cell(rows, Integer.toString(end.candidates()));
      Html.cell(rows, count(ranking, "pruned"));
      Html.cell(rows, count(ranking, "failed"));
      Html.cell(rows, Long.toString(Math.round(end.epochs())));
      Html.cell(rows, Long.toString(Math.round(end.seconds())));
      rows.append("<td class='text'>%s</td></tr>\n".formatted(Html.escape(settings(ranking))));
    }
    return rows.toString();
  }

  private static String count(List<RankedCandidate> ranking, String status) {
    return Long.toString(ranking.stream().filter(r -> r.status().equals(status)).count());
  }

  /** Of the best. */
  private static String settings(List<RankedCandidate> ranking) {
    return ranking.stream()
        .limit(1)
        .flatMap(best -> best.candidate().settings().entrySet().stream())
        .map(setting -> setting.getKey() + ": " + Json.plain(setting.getValue()))
        .collect(Collectors.joining(", "));
  }
}
