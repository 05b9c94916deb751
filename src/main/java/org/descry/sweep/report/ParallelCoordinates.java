package org.descry.sweep.report;

import static org.descry.sweep.report.CandidateStyle.svg;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.descry.metrics.Metric;
import org.descry.report.Html;
import org.descry.report.Scale;

/** All candidates as lines across one axis a setting and one for the score. */
final class ParallelCoordinates {
  static final String STYLE =
      """
      .parallel { display: block; max-width: none; margin: 0; }
      .parallel svg { width: 100%; max-width: var(--w); min-width: min(44rem, var(--w)); }
      .parallel svg .axis { stroke: currentColor; stroke-opacity: .6; }
      .parallel svg text { paint-order: stroke; stroke: Canvas; stroke-width: 3px; }
      .parallel svg .name { font-size: 12px; font-weight: 600; }
      """;

  private static final int HEIGHT = 340;
  private static final int TOP = 44;
  private static final int BOTTOM = 16;
  private static final int SIDE = 70;
  private static final int BETWEEN_AXES = 205;
  private static final int WIDEST = 960;

  /** Half the length of a dash that stands for a single point. */
  private static final int DASH = 8;

  /** Names of neighbouring axes stand on two levels where they would cover one another. */
  private static final int CROWDED = 110;

  private final SweepResults results;
  private final List<RankedCandidate> ranking;
  private final CandidateStyle style;
  private final List<SettingScale> settings;
  private final Scale scores;
  private final int width;
  private final double gap;

  ParallelCoordinates(SweepResults results, List<RankedCandidate> ranking, CandidateStyle style) {
    this.results = results;
    this.ranking = ranking;
    this.style = style;
    settings =
        results.dimensions().stream()
            .map(dimension -> SettingScale.of(dimension, results.candidates()))
            .toList();
    scores = Scale.fitting(ranking.stream().map(s -> s.candidate().score()).toList());
    width = Math.min(WIDEST, 2 * SIDE + BETWEEN_AXES * settings.size());
    gap = settings.isEmpty() ? 0 : (width - 2.0 * SIDE) / settings.size();
  }

  String html() {
    List<RankedCandidate> bestLast = new ArrayList<>(ranking);
    Collections.reverse(bestLast);
    return """
    <div class='scroll'><figure class='parallel' style='--w:%1$spx'>
    <svg viewBox='0 0 %1$s %2$s' role='img' aria-label='All candidates'>%3$s%4$s</svg></figure></div>
    """
        .formatted(
            width, HEIGHT, bestLast.stream().map(this::line).collect(Collectors.joining()), axes());
  }

  private String axes() {
    StringBuilder axes = new StringBuilder();
    Map<String, String> names = ShortNames.of(results.dimensions());
    for (int i = 0; i < settings.size(); i++) {
      SettingScale setting = settings.get(i);
      String key = setting.dimension().key();
      axes.append(axis(i, names.get(key), key, setting.scale()));
    }
    String metric = results.objective().metric();
    return axes.append(axis(settings.size(), Metric.title(metric), metric, scores)).toString();
  }

  private String axis(int index, String name, String title, Scale scale) {
    double left = left(index);
    int level = gap < CROWDED && index % 2 == 1 ? 16 : 32;
    StringBuilder drawing =
        new StringBuilder(
            svg(
                "<text class='name' x='%.1f' y='%s' text-anchor='middle'>%s<title>%s</title></text>"
                    + "<line class='axis' x1='%.1f' x2='%.1f' y1='%s' y2='%s'/>",
                left,
                level,
                Html.escape(name),
                Html.escape(title),
                left,
                left,
                TOP,
                HEIGHT - BOTTOM));
    for (Scale.Tick tick : scale.ticks()) {
      drawing.append(
          svg(
              "<text x='%.1f' y='%.1f' text-anchor='end'>%s</text>",
              left - 5, top(tick.share()) + 4, Html.escape(Html.shortened(tick.label()))));
    }
    return drawing.toString();
  }

  /** The line of a candidate: broken at settings that it lacks, ended where it has no score. */
  private String line(RankedCandidate ranked) {
    List<List<String>> pieces = new ArrayList<>(List.of(new ArrayList<>()));
    for (int i = 0; i <= settings.size(); i++) {
      double share = share(i, ranked);
      if (!Double.isNaN(share)) {
        pieces.get(pieces.size() - 1).add(svg("%.1f,%.1f", left(i), top(share)));
      } else if (i < settings.size()) {
        pieces.add(new ArrayList<>());
      }
    }
    String lines =
        pieces.stream()
            .filter(piece -> !piece.isEmpty())
            .map(piece -> "<polyline points='%s'/>".formatted(String.join(" ", visible(piece))))
            .collect(Collectors.joining());
    return "<g %s>%s%s</g>"
        .formatted(style.attributes(ranked), CandidateStyle.title(ranked), lines);
  }

  private double share(int index, RankedCandidate ranked) {
    if (index == settings.size()) {
      return scores.share(ranked.candidate().score());
    }
    SettingScale setting = settings.get(index);
    return setting.scale().share(setting.coordinate(ranked.candidate()));
  }

  /** A single point as a short dash across its axis. */
  private static List<String> visible(List<String> piece) {
    if (piece.size() > 1) {
      return piece;
    }
    String[] point = piece.get(0).split(",");
    double left = Double.parseDouble(point[0]);
    return List.of(svg("%.1f,%s", left - DASH, point[1]), svg("%.1f,%s", left + DASH, point[1]));
  }

  private double left(int index) {
    return SIDE + index * gap;
  }

  private static double top(double share) {
    return TOP + 8 + (1 - share) * (HEIGHT - TOP - BOTTOM - 16);
  }
}
