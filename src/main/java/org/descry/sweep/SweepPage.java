package org.descry.sweep;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.descry.report.Html;
import org.descry.report.Page;

/** The report of a sweep as one HTML page without anything outside itself. */
record SweepPage(SweepResults results, List<Standing> standings, Path folder) {
  private static final String STYLE =
      """
      body { max-width: 76rem; }
      .ranking { max-height: 34rem; overflow: auto; }
      .ranking th { position: sticky; top: 0; background: Canvas; }
      """;

  String html() {
    return Page.html(
        results.name(), STYLE, facts() + new RankingTable(results, standings, folder).html());
  }

  private String facts() {
    long scored = standings.stream().filter(Standing::scored).count();
    Objective objective = results.objective();
    String goal = objective.goal() == Objective.Goal.MINIMIZE ? "minimised" : "maximised";
    StringBuilder rows = new StringBuilder();
    rows.append(Html.row("Objective", objective.metric() + ", " + goal));
    rows.append(Html.row("Best score", best()));
    rows.append(
        Html.row(
            "Candidates",
            "%d with a score, %d without".formatted(scored, standings.size() - scored)));
    rows.append(Html.row("Strategy", results.strategy()));
    rows.append(Html.row("Time", time(results.seconds())));
    return Html.table(rows.toString());
  }

  private String best() {
    if (standings.isEmpty() || !standings.get(0).scored()) {
      return "none: no candidate came to a score";
    }
    Standing best = standings.get(0);
    String score = Html.compact(best.candidate().score());
    if (best.successes() > 1) {
      score +=
          " ± %s over %d repeats"
              .formatted(Html.compact(best.candidate().spread()), best.successes());
    }
    return score + " (candidate " + best.number() + ")";
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : whole < 3600
            ? "%d min %d s".formatted(whole / 60, whole % 60)
            : "%d h %d min".formatted(whole / 3600, whole % 3600 / 60);
  }
}
