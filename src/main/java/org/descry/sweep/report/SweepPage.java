package org.descry.sweep.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.descry.io.Json;
import org.descry.metrics.Metric;
import org.descry.report.Html;
import org.descry.report.Page;
import org.descry.sweep.trial.Objective;
import org.descry.sweep.trial.Trial;

/** The report of a sweep as one HTML page without anything outside itself. */
record SweepPage(
    SweepResults results,
    List<RankedCandidate> ranking,
    Importance importance,
    Path folder,
    boolean running) {
  private static final String STYLE =
      """
      td a { white-space: nowrap; }
      .ranking td, .ranking th { padding: .2rem .45rem; overflow-wrap: break-word; }
      .ranking { max-height: 34rem; overflow: auto; }
      .ranking th { position: sticky; top: 0; background: Canvas; }
      pre { margin: 0 0 1rem; padding: .6rem .8rem; border: 1px solid var(--line); overflow-x: auto; }
      """;

  /** While the sweep goes on, what it has done since is shown; where the reader was, it stays. */
  private static final String RELOAD =
      "<script>setTimeout(() => { if (kept === null) location.reload(); }, 10000);</script>\n";

  /** More candidates than these are drawn thinner. */
  private static final int MANY = 60;

  String html() {
    CandidateStyle style = new CandidateStyle((int) scored());
    boolean gaps = scored() < ranking.size();
    String body =
        """
        <main%s>
        %s%s%s
        %s%s
        <h2>All candidates</h2>
        <p>%s. %sA click keeps a candidate shown.</p>
        %s%s%s
        <h2>History</h2>
        %s<h2>%s by setting</h2>
        <p>%s%s</p>
        %s
        <h2>Curves by epoch</h2>
        %s</main>
        %s\
        """
            .formatted(
                ranking.size() > MANY ? " class='many'" : "",
                state(),
                facts(),
                best(),
                new FrontSection(results, ranking, style).html(),
                new RankingTable(results, ranking, folder).html(),
                CandidateStyle.LEGEND,
                gaps ? "Dashed: no score. " : "",
                new ParallelCoordinates(results, ranking, style).html(),
                new ImportanceSection(importance).html(),
                new ContourSection(results, ranking, importance, style).html(),
                new CurvePlots(results, ranking, style).history(),
                Html.escape(Metric.title(results.objective().metric())),
                gaps ? "A cross is a candidate without a score. " : "",
                repeated() ? "Bars reach one standard deviation over the repeats." : "",
                new ScorePlots(ranking, style).html(results.dimensions()),
                new CurvePlots(results, ranking, style).html(),
                CandidateStyle.SCRIPT + (running ? RELOAD : ""));
    String css =
        STYLE
            + CandidateStyle.STYLE
            + ParallelCoordinates.STYLE
            + ImportanceSection.STYLE
            + ContourSection.STYLE
            + FrontSection.STYLE;
    return Page.html(results.name(), css, body);
  }

  private long scored() {
    return ranking.stream().filter(RankedCandidate::scored).count();
  }

  private boolean repeated() {
    return ranking.stream().anyMatch(ranked -> ranked.successes() > 1);
  }

  /** The settings of the best candidate, and where its job and model are. */
  private String best() {
    if (ranking.isEmpty() || !ranking.get(0).scored()) {
      return "";
    }
    RankedCandidate best = ranking.get(0);
    StringBuilder yaml = new StringBuilder();
    // A value in JSON is one in YAML as well.
    best.candidate()
        .settings()
        .forEach(
            (key, value) -> yaml.append(key).append(": ").append(Json.plain(value)).append('\n'));
    return "<h2>Best settings</h2><pre>%s</pre><p>%s</p>"
        .formatted(Html.escape(yaml.toString()), files(best));
  }

  /** Links to what there is of the best candidate. */
  private String files(RankedCandidate best) {
    Stream<Path> ofSweep = Stream.of("best.yaml", "model.zip").map(folder::resolve);
    Stream<Path> ofTrial =
        best.candidate().bestTrial(results.objective()).map(Trial::folder).stream()
            .map(run -> run.resolve("report.html"));
    return Stream.concat(ofSweep, ofTrial)
        .filter(Files::exists)
        .map(file -> Links.html(folder, file, file.getFileName().toString()))
        .collect(Collectors.joining(" "));
  }

  /** As the report of a training says it. */
  private String state() {
    int ended = ranking.size();
    return running
        ? "<p class='state'>Running: %s candidate%s ended so far; the page loads itself anew.</p>\n"
            .formatted(ended, ended == 1 ? " has" : "s have")
        : "";
  }

  private String facts() {
    StringBuilder rows = new StringBuilder();
    for (Objective objective : results.objectives()) {
      String goal = objective.goal() == Metric.Goal.MINIMIZE ? "minimised" : "maximised";
      rows.append(Html.row("Objective", Metric.title(objective.metric()) + ", " + goal));
    }
    rows.append(Html.row("Best score", bestScore()));
    rows.append(
        Html.row(
            "Candidates",
            "%s with a score, %s without".formatted(scored(), ranking.size() - scored())));
    rows.append(Html.row("Strategy", results.strategy()));
    rows.append(Html.row("Time", Html.seconds(results.seconds())));
    return Html.facts(rows.toString());
  }

  private String bestScore() {
    if (ranking.isEmpty() || !ranking.get(0).scored()) {
      return "none: no candidate reached a score";
    }
    RankedCandidate best = ranking.get(0);
    String repeats = best.successes() > 1 ? " over %s repeats".formatted(best.successes()) : "";
    String caution = best.caution().isEmpty() ? "" : "; " + best.caution();
    return "%s%s (candidate %s%s)"
        .formatted(CandidateStyle.score(best), repeats, best.number(), caution);
  }
}
