package org.descry.kind.sequence;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.kind.service.Options;
import org.descry.kind.service.RowBuffers;
import org.descry.kind.service.Service;
import org.descry.kind.service.Tensor;
import org.descry.kind.service.TensorType;
import org.descry.model.SharedParameters;
import org.descry.replay.RecordedOutput;

/** A sequence classifier for a server: texts or steps of numbers in, all classes' values out. */
final class SequenceService implements Service<SequenceService.Question, float[]> {
  private static final List<Integer> SIZES = RowBuffers.sizes(64, 2);
  private static final int USUAL_ANSWERS = 3;

  private final TrainedSequenceClassifier model;
  private final ComputationGraph network;
  private final Manifest manifest;
  private final TensorType input;
  private final TensorType output;

  /**
   * @param steps as the network reads them
   * @param top how many classes people are told
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Question(float[] steps, int top) {}

  SequenceService(TrainedSequenceClassifier model, ComputationGraph network) {
    this.model = model;
    this.network = network;
    manifest = model.manifest();
    input =
        manifest.text() == null
            ? TensorType.numbers("numbers", -1, manifest.features())
            : TensorType.texts("text");
    output = TensorType.numbers(manifest.output(), manifest.labels().size());
  }

  @Override
  public String task() {
    return "predict";
  }

  @Override
  public Content content() {
    return manifest.text() == null ? Content.FEATURES : Content.TEXT;
  }

  @Override
  public List<TensorType> inputs() {
    return List.of(input);
  }

  @Override
  public List<TensorType> outputs() {
    return List.of(output);
  }

  @Override
  public List<String> options() {
    return List.of("top");
  }

  @Override
  public List<Integer> sizes() {
    return SIZES;
  }

  @Override
  public Question example() {
    return new Question(new float[manifest.text() == null ? manifest.features() : 1], 1);
  }

  @Override
  public Question question(String name, byte[] content, Options options) {
    int top = options.integer("top", USUAL_ANSWERS, 1, Integer.MAX_VALUE);
    return new Question(model.text(new String(content, StandardCharsets.UTF_8)), top);
  }

  @Override
  public List<Question> questions(Map<String, Tensor> inputs, Options options) {
    Tensor tensor = input.in(inputs);
    if (tensor.texts() != null) {
      return tensor.texts().stream()
          .map(text -> new Question(model.text(text), USUAL_ANSWERS))
          .toList();
    }
    model.requireLength((int) tensor.shape()[1]);
    input.requireFinite(tensor);
    List<Question> questions = new ArrayList<>();
    for (int row = 0; row < tensor.rows(); row++) {
      questions.add(new Question(tensor.row(row), USUAL_ANSWERS));
    }
    return questions;
  }

  @Override
  public Map<String, Object> told(Question question, float[] answer) {
    return Map.of(
        "predictions",
        model.best(answer, question.top).stream()
            .map(best -> best.told(manifest.output()))
            .toList());
  }

  @Override
  public List<Tensor> tensors(List<float[]> answers) {
    return List.of(Tensor.of(output, answers));
  }

  @Override
  public Worker<Question, float[]> worker() {
    RecordedOutput recorded = RecordedOutput.of(SharedParameters.replica(network));
    return batch ->
        Arrays.asList(
            model.outputs(recorded, batch.stream().map(Question::steps).toArray(float[][]::new)));
  }
}
