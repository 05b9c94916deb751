package org.descry.sweep.report;

import static org.descry.sweep.report.CandidateStyle.svg;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.descry.report.Html;
import org.descry.report.Plot;
import org.descry.report.Scale;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Objective;

/**
 * The Pareto front of several objectives as a table and, of the first with each other one, as
 * points: filled on the front, else hollow.
 */
record FrontSection(SweepResults results, List<RankedCandidate> ranking, CandidateStyle style) {
  static final String STYLE =
      """
      .hollow circle { fill: Canvas; stroke: currentColor; stroke-width: 1.5; }
      """;

  String html() {
    if (results.further().isEmpty()) {
      return "";
    }
    List<Candidate> front = results.front();
    String charts =
        results.further().stream().map(other -> figure(other, front)).collect(Collectors.joining());
    return """
    <h2>Pareto front</h2>
    <p>No other candidate is better than one of these in one objective and as good in the others.</p>
    %s
    %s\
    """
        .formatted(Html.table(rows(front)), charts);
  }

  private String rows(List<Candidate> front) {
    StringBuilder rows = new StringBuilder("<tr><th>candidate</th>");
    for (Objective objective : results.objectives()) {
      rows.append("<th>").append(Html.escape(objective.metric())).append("</th>");
    }
    Map<String, String> names = ShortNames.of(results.dimensions());
    names.forEach(
        (key, name) ->
            rows.append("<th title='%s'>%s</th>".formatted(Html.escape(key), Html.escape(name))));
    rows.append("</tr>\n");
    for (Candidate candidate : front) {
      rows.append("<tr data-c='%s'>".formatted(candidate.number()));
      Html.cell(rows, Integer.toString(candidate.number()));
      for (Objective objective : results.objectives()) {
        Html.cell(rows, CandidateStyle.number(score(objective).applyAsDouble(candidate)));
      }
      for (String key : names.keySet()) {
        Html.cell(rows, Html.escape(RankedCandidate.text(candidate.settings().get(key))));
      }
      rows.append("</tr>\n");
    }
    return rows.toString();
  }

  private ToDoubleFunction<Candidate> score(Objective objective) {
    return candidate -> candidate.score(objective, results.objective());
  }

  private String figure(Objective other, List<Candidate> front) {
    Plot plot = new Plot(scale(other), scale(results.objective()));
    StringBuilder points = new StringBuilder();
    for (int i = ranking.size() - 1; i >= 0; i--) {
      Candidate candidate = ranking.get(i).candidate();
      double left = plot.left(score(other).applyAsDouble(candidate));
      double top = plot.top(score(results.objective()).applyAsDouble(candidate));
      if (!Double.isNaN(left) && !Double.isNaN(top)) {
        String circle = svg("<circle cx='%.1f' cy='%.1f' r='4'/>", left, top);
        points.append(
            "<g %s>%s<g class='%s'>%s</g></g>"
                .formatted(
                    style.attributes(ranking.get(i)),
                    CandidateStyle.title(ranking.get(i)),
                    front.contains(candidate) ? "front" : "hollow",
                    circle));
      }
    }
    return plot.figure(
        results.objective().metric() + " by " + other.metric(), "", points.toString());
  }

  private Scale scale(Objective objective) {
    return Scale.fitting(
        ranking.stream().map(r -> score(objective).applyAsDouble(r.candidate())).toList());
  }
}
