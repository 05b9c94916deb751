package org.descry.sweep.report;

import static org.descry.sweep.report.CandidateStyle.svg;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.descry.report.Html;
import org.descry.report.Plot;

/**
 * The plane of the two most important settings: its colour is the place in the ranking that
 * candidates nearby have, weighted by a normal distribution (Nadaraya and Watson), whatever their
 * other settings. Where no candidate is near, it is left blank.
 */
record ContourSection(
    SweepResults results,
    List<RankedCandidate> ranking,
    Importance importance,
    CandidateStyle style) {
  static final String STYLE =
      ".plane { opacity: .45; } .plane rect { fill: currentColor; shape-rendering: crispEdges; }\n";

  /** Cells on each axis. */
  private static final int CELLS = 24;

  /** The standard deviation of a candidate's reach, as a share of an axis. */
  private static final double REACH = 0.08;

  /** Below it no candidate is near: that of one at a distance of two reaches. */
  private static final double LEAST = Math.exp(-2);

  /** A candidate on the plane, in shares of the axes. */
  private record Spot(double x, double y, double place) {}

  String html() {
    List<String> keys =
        importance.drops().entrySet().stream()
            .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
            .limit(2)
            .map(Map.Entry::getKey)
            .toList();
    return keys.size() < 2
        ? ""
        : """
        <h2>%s and %s</h2>
        <p>The colour is the place in the ranking of the candidates nearby, whatever their other
        settings. %s</p>
        %s
        """
            .formatted(
                Html.escape(keys.get(0)),
                Html.escape(keys.get(1)),
                CandidateStyle.LEGEND,
                figure(setting(keys.get(0)), setting(keys.get(1))));
  }

  private SettingScale setting(String key) {
    return results.dimensions().stream()
        .filter(dimension -> dimension.key().equals(key))
        .map(dimension -> SettingScale.of(dimension, results.candidates()))
        .findFirst()
        .orElseThrow();
  }

  private String figure(SettingScale x, SettingScale y) {
    Plot plot = new Plot(x.scale(), y.scale());
    StringBuilder points = new StringBuilder();
    for (int i = ranking.size() - 1; i >= 0; i--) {
      RankedCandidate ranked = ranking.get(i);
      double left = plot.left(x.coordinate(ranked.candidate()));
      double top = plot.top(y.coordinate(ranked.candidate()));
      if (!Double.isNaN(left + top)) {
        points.append(
            "<g %s>%s%s</g>"
                .formatted(
                    style.attributes(ranked),
                    CandidateStyle.title(ranked),
                    svg("<circle cx='%.1f' cy='%.1f' r='3'/>", left, top)));
      }
    }
    return plot.figure(
        y.dimension().key() + " by " + x.dimension().key(), "", plane(plot, x, y) + points);
  }

  private String plane(Plot plot, SettingScale x, SettingScale y) {
    List<Spot> spots =
        ranking.stream()
            .filter(RankedCandidate::scored)
            .map(
                ranked ->
                    new Spot(
                        x.scale().share(x.coordinate(ranked.candidate())),
                        y.scale().share(y.coordinate(ranked.candidate())),
                        style.share(ranked)))
            .filter(spot -> !Double.isNaN(spot.x() + spot.y()))
            .toList();
    StringBuilder cells = new StringBuilder("<g class='plane'>");
    for (int column = 0; column < CELLS; column++) {
      for (int row = 0; row < CELLS; row++) {
        double place = place(spots, (column + 0.5) / CELLS, (row + 0.5) / CELLS);
        if (!Double.isNaN(place)) {
          double left = plot.leftOfShare((double) column / CELLS);
          double top = plot.topOfShare((row + 1.0) / CELLS);
          cells.append(
              svg(
                  "<rect class='candidate' style='--t:%.0f%%' x='%.1f' y='%.1f' width='%.1f'"
                      + " height='%.1f'/>",
                  100 * place,
                  left,
                  top,
                  plot.leftOfShare((column + 1.0) / CELLS) - left,
                  plot.topOfShare((double) row / CELLS) - top));
        }
      }
    }
    return cells.append("</g>").toString();
  }

  private static double place(List<Spot> spots, double x, double y) {
    double sum = 0;
    double weights = 0;
    for (Spot spot : spots) {
      double distance = (Math.pow(spot.x() - x, 2) + Math.pow(spot.y() - y, 2)) / (REACH * REACH);
      double weight = Math.exp(-distance / 2);
      sum += weight * spot.place();
      weights += weight;
    }
    return weights < LEAST ? Double.NaN : sum / weights;
  }
}
