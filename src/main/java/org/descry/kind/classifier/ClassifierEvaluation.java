package org.descry.kind.classifier;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.kind.ClassScores;
import org.descry.metrics.Confusion;

/**
 * How well a classifier does on a set.
 *
 * @param examples the number of images
 * @param accuracy share of right answers
 * @param top5 share of images whose class is among the five that are found most probable
 * @param loss mean loss, without the L2 penalty
 * @param classes one entry a class
 * @param confusion images by true class (row) and answer (column)
 */
public record ClassifierEvaluation(
    int examples,
    double accuracy,
    double top5,
    double loss,
    List<ClassScores.ClassScore> classes,
    List<List<Integer>> confusion)
    implements Confusion {
  static ClassifierEvaluation of(Predictions predictions, List<String> labels) {
    ClassScores scores = ClassScores.of(predictions.labels(), predictions.answers(), labels);
    return new ClassifierEvaluation(
        predictions.labels().length,
        predictions.accuracy(),
        predictions.topAccuracy(),
        predictions.loss(),
        scores.classes(),
        scores.confusion());
  }

  ClassScores scores() {
    return new ClassScores(classes, confusion);
  }

  @Override
  public String headline() {
    return String.format(Locale.ROOT, "accuracy %.2f%%, loss %.4f", 100 * accuracy, loss);
  }

  @Override
  public Map<String, Double> measures() {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("Test accuracy", accuracy);
    if (classes.size() > Predictions.TOP) {
      measures.put("Test top-5 accuracy", top5);
    }
    measures.put("Test loss", loss);
    return measures;
  }

  @Override
  public Object summary() {
    return new ClassifierResults(accuracy, classes.size() > Predictions.TOP ? top5 : null, loss);
  }

  @Override
  public String text() {
    String best =
        classes.size() > Predictions.TOP
            ? String.format(Locale.ROOT, "right class among the best five: %.2f%%\n", 100 * top5)
            : "";
    return String.format(Locale.ROOT, "%,d images: %s\n%s\n", examples, headline(), best)
        + scores().text("images");
  }
}
