package org.descry.kind.sequence;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.kind.ClassScores;
import org.descry.metrics.Confusion;

/**
 * How well a sequence classifier does on a set. Without classes the loss is all that there is, the
 * rest is null.
 *
 * @param examples the number of sequences
 * @param accuracy share of right answers
 * @param loss mean loss, without the L2 penalty
 * @param classes one entry a class
 * @param confusion sequences by true class (row) and answer (column)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SequenceEvaluation(
    int examples,
    Double accuracy,
    double loss,
    List<ClassScores.ClassScore> classes,
    List<List<Integer>> confusion)
    implements Confusion {

  static SequenceEvaluation of(SequenceAnswers answers, SequenceSet set, List<String> labels) {
    if (labels.equals(SequenceParts.NO_CLASSES)) {
      return new SequenceEvaluation(set.size(), null, answers.loss(), null, null);
    }
    ClassScores scores = ClassScores.of(set.labels(), answers.classes(), labels);
    return new SequenceEvaluation(
        set.size(),
        answers.accuracy(set.labels()),
        answers.loss(),
        scores.classes(),
        scores.confusion());
  }

  /** Null without classes. */
  ClassScores scores() {
    return classes == null ? null : new ClassScores(classes, confusion);
  }

  @Override
  public String headline() {
    return accuracy == null
        ? String.format(Locale.ROOT, "loss %.4f", loss)
        : String.format(Locale.ROOT, "accuracy %.2f%%, loss %.4f", 100 * accuracy, loss);
  }

  @Override
  public Map<String, Double> measures() {
    Map<String, Double> measures = new LinkedHashMap<>();
    if (accuracy != null) {
      measures.put("Test accuracy", accuracy);
    }
    measures.put("Test loss", loss);
    return measures;
  }

  /** As {@code summary.json} has it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Results(Double testAccuracy, double testLoss) {}

  @Override
  public Object summary() {
    return new Results(accuracy, loss);
  }

  @Override
  public String text() {
    String first = String.format(Locale.ROOT, "%,d sequences: %s", examples, headline());
    return classes == null ? first : first + "\n\n" + scores().text("sequences");
  }
}
