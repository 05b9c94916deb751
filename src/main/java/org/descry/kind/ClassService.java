package org.descry.kind;

import java.util.List;
import java.util.Map;
import org.descry.archive.Manifest;
import org.descry.kind.service.Options;
import org.descry.kind.service.Service;
import org.descry.kind.service.Tensor;
import org.descry.kind.service.TensorType;

/** A service that answers with the values of all classes, of which people are told the best. */
public abstract class ClassService implements Service<ClassService.Question, float[]> {
  protected static final List<Integer> SIZES = List.of(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64);
  private static final int USUAL_ANSWERS = 3;

  private final List<String> labels;
  private final TensorType output;
  private final Traits traits;

  /**
   * @param values as the network reads them
   * @param top how many classes people are told
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Question(float[] values, int top) {
    /** With as many classes as usual. */
    public Question(float[] values) {
      this(values, USUAL_ANSWERS);
    }
  }

  protected ClassService(Manifest manifest, Content content, TensorType input) {
    labels = manifest.labels();
    output = TensorType.numbers(manifest.output(), labels.size());
    traits = new Traits("predict", content, List.of(input), List.of(output), List.of("top"), SIZES);
  }

  @Override
  public final Traits traits() {
    return traits;
  }

  /** How many classes are asked for. */
  protected static int top(Options options) {
    return options.integer("top", USUAL_ANSWERS, 1, Integer.MAX_VALUE);
  }

  @Override
  public final Map<String, Object> told(Question question, float[] answer) {
    return Map.of(
        "predictions",
        ClassScores.ranked(answer, question.top).stream()
            .map(k -> Map.of("label", labels.get(k), output.name(), answer[k]))
            .toList());
  }

  @Override
  public final List<Tensor> tensors(List<float[]> answers) {
    return List.of(Tensor.of(output, answers));
  }
}
