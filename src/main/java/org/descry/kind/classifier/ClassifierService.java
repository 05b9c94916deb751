package org.descry.kind.classifier;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.engine.Rows;
import org.descry.kind.service.ImageInput;
import org.descry.kind.service.Options;
import org.descry.kind.service.RowBuffers;
import org.descry.kind.service.Service;
import org.descry.kind.service.Tensor;
import org.descry.kind.service.TensorType;
import org.descry.model.SharedParameters;
import org.descry.replay.RecordedOutput;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A classifier for a server: images in, the values of all classes out. */
final class ClassifierService implements Service<ClassifierService.Image, float[]> {
  private static final List<Integer> SIZES = RowBuffers.sizes(64, 2);
  private static final int USUAL_ANSWERS = 3;

  private final Manifest manifest;
  private final ComputationGraph network;
  private final ImageInput input;
  private final TensorType output;

  /**
   * @param row the normalised pixels
   * @param top how many classes people are told
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Image(float[] row, int top) {}

  ClassifierService(Path file, Manifest manifest, ComputationGraph network) {
    this.manifest = manifest;
    this.network = network;
    input = new ImageInput(file, manifest);
    output = TensorType.numbers(manifest.output(), manifest.labels().size());
  }

  @Override
  public String task() {
    return "predict";
  }

  @Override
  public Content content() {
    return Content.IMAGE;
  }

  @Override
  public List<TensorType> inputs() {
    return List.of(input.type());
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
  public Image example() {
    return new Image(input.example(), 1);
  }

  @Override
  public Image question(String name, byte[] content, Options options) {
    int top = options.integer("top", USUAL_ANSWERS, 1, Integer.MAX_VALUE);
    return new Image(input.row(name, content), top);
  }

  @Override
  public List<Image> questions(Map<String, Tensor> inputs, Options options) {
    return input.rows(inputs).stream().map(row -> new Image(row, USUAL_ANSWERS)).toList();
  }

  @Override
  public Map<String, Object> told(Image question, float[] answer) {
    return Map.of(
        "predictions",
        TrainedClassifier.best(manifest.labels(), answer, question.top).stream()
            .map(best -> best.told(manifest.output()))
            .toList());
  }

  @Override
  public List<Tensor> tensors(List<float[]> answers) {
    return List.of(Tensor.of(output, answers));
  }

  @Override
  public Worker<Image, float[]> worker() {
    RecordedOutput recorded = RecordedOutput.of(SharedParameters.replica(network));
    RowBuffers buffers = input.buffers(SIZES);
    return batch -> {
      INDArray filled = buffers.filled(batch.stream().map(Image::row).toList());
      Rows outputs = Rows.of(recorded.output(filled).get(0));
      List<float[]> answers = new ArrayList<>(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        answers.add(outputs.floats(i));
      }
      return answers;
    };
  }
}
