package org.descry.kind.classifier;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.kind.ClassScores;
import org.descry.metrics.Evaluation;
import org.descry.report.Html;

/**
 * How well a classifier does on a set.
 *
 * @param examples the number of images
 * @param accuracy share of right answers
 * @param loss mean loss, without the L2 penalty
 * @param classes one entry a class
 * @param confusion images by true class (row) and answer (column)
 */
public record ClassifierEvaluation(
    int examples,
    double accuracy,
    double loss,
    List<ClassScores.ClassScore> classes,
    List<List<Integer>> confusion)
    implements Evaluation {
  static ClassifierEvaluation of(Predictions predictions, List<String> labels) {
    ClassScores scores = ClassScores.of(predictions.labels(), predictions.answers(), labels);
    return new ClassifierEvaluation(
        predictions.labels().length,
        predictions.accuracy(),
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
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Test accuracy", Html.percent(accuracy));
    facts.put("Test loss", Html.number(loss));
    return facts;
  }

  @Override
  public Object summary() {
    return new ClassifierResults(accuracy, loss);
  }

  @Override
  public String text() {
    return String.format(Locale.ROOT, "%,d images: %s\n\n", examples, headline())
        + scores().text("images");
  }
}
