package org.descry.kind.sequence;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.kind.ClassService;
import org.descry.kind.service.Options;
import org.descry.kind.service.Tensor;
import org.descry.kind.service.TensorType;
import org.descry.model.SharedParameters;
import org.descry.replay.RecordedOutput;

/** A sequence classifier for a server: texts or steps of numbers in, all classes' values out. */
final class SequenceService extends ClassService {
  private final TrainedSequenceClassifier model;
  private final ComputationGraph network;
  private final Manifest manifest;
  private final TensorType input;

  SequenceService(TrainedSequenceClassifier model, ComputationGraph network) {
    super(
        model.manifest(),
        model.manifest().text() == null ? Content.FEATURES : Content.TEXT,
        input(model.manifest()));
    this.model = model;
    this.network = network;
    manifest = model.manifest();
    input = traits().inputs().get(0);
  }

  private static TensorType input(Manifest manifest) {
    return manifest.text() == null
        ? TensorType.numbers("numbers", -1, manifest.features())
        : TensorType.texts("text");
  }

  @Override
  public Question example() {
    return new Question(new float[manifest.text() == null ? manifest.features() : 1], 1);
  }

  @Override
  public Question question(String name, byte[] content, Options options) {
    int top = top(options);
    return new Question(model.text(new String(content, StandardCharsets.UTF_8)), top);
  }

  @Override
  public List<Question> questions(Map<String, Tensor> inputs, Options options) {
    Tensor tensor = input.in(inputs);
    if (tensor.texts() != null) {
      return tensor.texts().stream().map(text -> new Question(model.text(text))).toList();
    }
    model.requireLength("The sequence", (int) tensor.shape()[1]);
    input.requireFinite(tensor);
    List<Question> questions = new ArrayList<>();
    for (int row = 0; row < tensor.rows(); row++) {
      questions.add(new Question(tensor.row(row)));
    }
    return questions;
  }

  @Override
  public Worker<Question, float[]> worker() {
    RecordedOutput recorded = RecordedOutput.of(SharedParameters.replica(network));
    return batch ->
        Arrays.asList(
            model.outputs(recorded, batch.stream().map(Question::values).toArray(float[][]::new)));
  }
}
