package org.descry.sweep.report;

import static org.descry.sweep.report.Marks.svg;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.descry.report.Plot;
import org.descry.report.Scale;
import org.descry.sweep.Candidate;
import org.descry.sweep.space.Dimension;

/** The score against each setting: a point a candidate, a bar for the spread over its repeats. */
final class ScorePlots {
  private static final double GOLDEN_RATIO = 0.6180339887498949;

  /** How far points of a category spread sideways, in distances between categories. */
  private static final double SIDEWAYS = 0.4;

  private final List<Standing> bestLast;
  private final Marks marks;
  private final Scale scores;

  ScorePlots(List<Standing> standings, Marks marks) {
    bestLast = new ArrayList<>(standings);
    Collections.reverse(bestLast);
    this.marks = marks;
    List<Double> ends =
        standings.stream()
            .map(Standing::candidate)
            .flatMap(c -> Stream.of(c.score() - c.spread(), c.score(), c.score() + c.spread()))
            .toList();
    scores = Scale.fitting(ends);
  }

  String html(List<Dimension> dimensions) {
    return dimensions.stream().map(this::figure).collect(Collectors.joining());
  }

  private String figure(Dimension dimension) {
    SettingScale setting =
        SettingScale.of(dimension, bestLast.stream().map(Standing::candidate).toList());
    Plot plot = new Plot(setting.scale(), scores);
    String points =
        bestLast.stream().map(s -> point(plot, setting, s)).collect(Collectors.joining());
    return plot.figure(dimension.key(), "", points);
  }

  private String point(Plot plot, SettingScale setting, Standing standing) {
    double value = setting.coordinate(standing.candidate());
    if (setting.isChoice()) {
      value += SIDEWAYS * (standing.number() * GOLDEN_RATIO % 1 - 0.5);
    }
    double left = plot.left(value);
    double top = plot.top(standing.candidate().score());
    if (Double.isNaN(left) || (standing.scored() && Double.isNaN(top))) {
      return "";
    }
    String mark =
        standing.scored()
            ? svg("<circle cx='%.1f' cy='%.1f' r='4'/>", left, top) + spread(plot, standing, left)
            : cross(left, plot.floor() - 5);
    return "<g %s>%s%s</g>".formatted(marks.attributes(standing), Marks.title(standing), mark);
  }

  private static String spread(Plot plot, Standing standing, double left) {
    Candidate candidate = standing.candidate();
    double upper = plot.top(candidate.score() + candidate.spread());
    double lower = plot.top(candidate.score() - candidate.spread());
    return standing.successes() < 2 || Double.isNaN(upper + lower)
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
