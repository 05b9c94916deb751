package org.descry.kind.classifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.descry.report.Html;
import org.descry.report.Plot;
import org.descry.report.ReportSection;
import org.descry.report.Scale;

/**
 * How far a classifier's probabilities can be believed (Guo et al., "On Calibration of Modern
 * Neural Networks", ICML 2017): its answers by the probability that it gives them.
 *
 * @param bins those with answers in them, of ten equally wide ones
 */
record Reliability(List<Bin> bins) {
  private static final int BINS = 10;

  /**
   * Answers of about one probability.
   *
   * @param confidence mean probability
   * @param accuracy share that is right
   */
  record Bin(int answers, double confidence, double accuracy) {}

  static Reliability of(Predictions predictions) {
    int[] answers = new int[BINS];
    int[] right = new int[BINS];
    double[] confidence = new double[BINS];
    for (int i = 0; i < predictions.labels().length; i++) {
      float probability = predictions.confidence()[i];
      int bin = Math.max(0, Math.min(BINS - 1, (int) (BINS * probability)));
      answers[bin]++;
      confidence[bin] += probability;
      right[bin] += predictions.labels()[i] == predictions.answers()[i] ? 1 : 0;
    }
    List<Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      if (answers[bin] > 0) {
        bins.add(
            new Bin(
                answers[bin], confidence[bin] / answers[bin], (double) right[bin] / answers[bin]));
      }
    }
    return new Reliability(List.copyOf(bins));
  }

  /** Mean distance of the probability from the share that is right, over all answers. */
  double expectedError() {
    double sum = 0;
    double all = 0;
    for (Bin bin : bins) {
      sum += bin.answers * Math.abs(bin.confidence - bin.accuracy);
      all += bin.answers;
    }
    return sum / all;
  }

  ReportSection section() {
    Scale shares = Scale.linear(List.of(0.0, 1.0));
    Plot plot = new Plot(shares, shares);
    StringBuilder marks =
        new StringBuilder(
            svg(
                "<line class='best' x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f'/>",
                plot.left(0), plot.top(0), plot.left(1), plot.top(1)));
    StringBuilder points = new StringBuilder();
    for (Bin bin : bins) {
      double left = plot.left(bin.confidence);
      double top = plot.top(bin.accuracy);
      points.append(svg("%.1f,%.1f ", left, top));
      marks.append(
          svg(
              "<circle cx='%.1f' cy='%.1f' r='4'><title>%s answers of probability %.4f: %.4f are"
                  + " right</title></circle>",
              left, top, bin.answers, bin.confidence, bin.accuracy));
    }
    marks.append("<polyline points='").append(points).append("'/>");
    return new ReportSection(
        "Reliability",
        "<p>Share of right answers (upwards) by their probability (to the right); on the dashed"
            + " line probabilities are what they say. Expected calibration error "
            + Html.number(expectedError())
            + ".</p>\n"
            + plot.figure("Reliability", "", "<g class='held'>" + marks + "</g>"));
  }

  private static String svg(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
