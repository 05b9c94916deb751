package org.descry.kind.classifier;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.kind.ClassService;
import org.descry.kind.service.ImageInput;
import org.descry.kind.service.Options;
import org.descry.kind.service.RowBuffers;
import org.descry.kind.service.Tensor;
import org.descry.model.SharedParameters;
import org.descry.replay.RecordedOutput;

/** A classifier for a server: images in, the values of all classes out. */
final class ClassifierService extends ClassService {
  private final ComputationGraph network;
  private final ImageInput input;

  ClassifierService(Path file, Manifest manifest, ComputationGraph network) {
    this(new ImageInput(file, manifest), manifest, network);
  }

  private ClassifierService(ImageInput input, Manifest manifest, ComputationGraph network) {
    super(manifest, Content.IMAGE, input.type());
    this.network = network;
    this.input = input;
  }

  @Override
  public Question example() {
    return new Question(input.example(), 1);
  }

  @Override
  public Question question(String name, byte[] content, Options options) {
    int top = top(options);
    return new Question(input.row(name, content), top);
  }

  @Override
  public List<Question> questions(Map<String, Tensor> inputs, Options options) {
    return input.rows(inputs).stream().map(Question::new).toList();
  }

  @Override
  public Worker<Question, float[]> worker() {
    RecordedOutput recorded = RecordedOutput.ofConstant(SharedParameters.replica(network));
    RowBuffers buffers = input.buffers(SIZES);
    return batch ->
        buffers.answers(
            batch.stream().map(Question::values).toList(),
            images -> recorded.output(images).get(0));
  }
}
