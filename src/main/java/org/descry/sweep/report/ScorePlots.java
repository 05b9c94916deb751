package org.descry.sweep.report;

import static org.descry.sweep.report.CandidateStyle.svg;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.descry.report.Plot;
import org.descry.report.Scale;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Candidate;

/** The score against each setting: a point a candidate, a bar for the spread over its repeats. */
final class ScorePlots {
  private static final double GOLDEN_RATIO = 0.6180339887498949;

  /** How far points of a category spread sideways, in distances between categories. */
  private static final double SIDEWAYS = 0.4;

  private final List<RankedCandidate> bestLast;
  private final CandidateStyle style;
  private final Scale scores;

  ScorePlots(List<RankedCandidate> ranking, CandidateStyle style) {
    bestLast = new ArrayList<>(ranking);
    Collections.reverse(bestLast);
    this.style = style;
    List<Double> ends =
        ranking.stream()
            .map(RankedCandidate::candidate)
            .flatMap(c -> Stream.of(c.score() - c.spread(), c.score(), c.score() + c.spread()))
            .toList();
    scores = Scale.fitting(ends);
  }

  String html(List<Dimension> dimensions) {
    return dimensions.stream().map(this::figure).collect(Collectors.joining());
  }

  private String figure(Dimension dimension) {
    SettingScale setting =
        SettingScale.of(dimension, bestLast.stream().map(RankedCandidate::candidate).toList());
    Plot plot = new Plot(setting.scale(), scores);
    String points =
        bestLast.stream().map(s -> point(plot, setting, s)).collect(Collectors.joining());
    return plot.figure(dimension.key(), "", points);
  }

  private String point(Plot plot, SettingScale setting, RankedCandidate ranked) {
    double value = setting.coordinate(ranked.candidate());
    if (setting.isChoice()) {
      value += SIDEWAYS * (ranked.number() * GOLDEN_RATIO % 1 - 0.5);
    }
    double left = plot.left(value);
    double top = plot.top(ranked.candidate().score());
    if (Double.isNaN(left) || (ranked.scored() && Double.isNaN(top))) {
      return "";
    }
    String mark =
        ranked.scored()
            ? svg("<circle cx='%.1f' cy='%.1f' r='4'/>", left, top) + spread(plot, ranked, left)
            : cross(left, plot.floor() - 5);
    return "<g %s>%s%s</g>".formatted(style.attributes(ranked), CandidateStyle.title(ranked), mark);
  }

  private static String spread(Plot plot, RankedCandidate ranked, double left) {
    Candidate candidate = ranked.candidate();
    double upper = plot.top(candidate.score() + candidate.spread());
    double lower = plot.top(candidate.score() - candidate.spread());
    return ranked.successes() < 2 || Double.isNaN(upper + lower)
        ? ""
        : svg(
            "<line class='mark' x1='%.1f' x2='%.1f' y1='%.1f' y2='%.1f'/>",
            left, left, upper, lower);
  }

  private static String cross(double left, double top) {
    return svg(
        "<line class='mark' x1='%1$.1f' x2='%2$.1f' y1='%3$.1f' y2='%4$.1f'/>"
            + "<line class='mark' x1='%1$.1f' x2='%2$.1f' y1='%4$.1f' y2='%3$.1f'/>",
        left - 3, left + 3, top - 3, top + 3);
  }
}
