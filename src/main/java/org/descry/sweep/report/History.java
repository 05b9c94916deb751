package org.descry.sweep.report;

import static org.descry.sweep.report.CandidateStyle.svg;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.ToDoubleFunction;
import org.descry.report.Plot;
import org.descry.report.Scale;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;

/**
 * The best score of the candidates so far that were trained to their end, one after another in the
 * order of the search.
 */
record History(List<Point> points) {
  /**
   * After a candidate.
   *
   * @param candidates so far
   * @param epochs so far, of all trainings
   * @param seconds so far, of all trainings
   * @param best NaN if there is none
   */
  record Point(int candidates, double epochs, double seconds, double best) {
    static final Point START = new Point(0, 0, 0, Double.NaN);
  }

  /** What is spent. */
  enum Cost {
    CANDIDATES("number of candidates", Point::candidates),
    EPOCHS("epochs spent", Point::epochs),
    SECONDS("seconds of training", Point::seconds);

    private final String words;
    private final ToDoubleFunction<Point> of;

    Cost(String words, ToDoubleFunction<Point> of) {
      this.words = words;
      this.of = of;
    }
  }

  static History of(SweepResults results) {
    BinaryOperator<Double> better =
        BinaryOperator.minBy(results.objective().goal().bestFirst()); // NaN last
    List<Point> points = new ArrayList<>();
    Point last = Point.START;
    for (Candidate candidate : results.candidates()) {
      double score = candidate.whole() ? candidate.score() : Double.NaN;
      last =
          new Point(
              last.candidates + 1,
              last.epochs + candidate.trials().stream().mapToInt(t -> t.epochs().size()).sum(),
              last.seconds + candidate.trials().stream().mapToDouble(Trial::seconds).sum(),
              better.apply(last.best, score));
      points.add(last);
    }
    return new History(points);
  }

  /** The last point; all zero and NaN without a candidate. */
  Point end() {
    return points.isEmpty() ? Point.START : points.get(points.size() - 1);
  }

  /** A dot where a history has come to: of the first candidate there is no line yet. */
  private static String end(Plot plot, Cost cost, History history) {
    Point last = history.end();
    double top = plot.top(last.best);
    return Double.isNaN(top)
        ? ""
        : svg("<circle cx='%.1f' cy='%.1f' r='2.5'/>", plot.left(cost.of.applyAsDouble(last)), top);
  }

  /** Lines of several histories, each with the attributes of its SVG element. */
  static String figure(List<History> histories, List<String> attributes, Cost cost) {
    List<Point> all = histories.stream().flatMap(history -> history.points.stream()).toList();
    Scale costs =
        cost == Cost.CANDIDATES
            ? Scale.counting(all.stream().mapToInt(Point::candidates).max().orElse(0))
            : Scale.linear(all.stream().map(cost.of::applyAsDouble).toList());
    Plot plot = new Plot(costs, Scale.fitting(all.stream().map(Point::best).toList()));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < histories.size(); i++) {
      StringBuilder points = new StringBuilder();
      double before = Double.NaN;
      for (Point point : histories.get(i).points) {
        double left = plot.left(cost.of.applyAsDouble(point));
        double top = plot.top(point.best);
        if (!Double.isNaN(before)) {
          points.append(svg("%.1f,%.1f ", left, before)); // what was the best is so until now
        }
        if (!Double.isNaN(top) && top != before) {
          points.append(svg("%.1f,%.1f ", left, top));
        }
        before = top;
      }
      lines.append(
          "<g %s><polyline points='%s'/>%s</g>"
              .formatted(
                  attributes.get(i), points.toString().strip(), end(plot, cost, histories.get(i))));
    }
    return plot.figure("Best by " + cost.words, "", lines.toString());
  }
}
