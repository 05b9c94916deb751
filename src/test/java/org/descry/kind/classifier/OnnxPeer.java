package org.descry.kind.classifier;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.data.image.ImageLoader;
import org.descry.export.Export;
import org.descry.export.Format;
import org.descry.export.onnx.OnnxSession;
import org.descry.kind.ClassService;
import org.descry.kind.TrainedModel;
import org.descry.kind.service.Options;
import org.descry.kind.service.Service;
import org.descry.kind.service.Tensor;
import org.descry.kind.service.TensorType;
import org.descry.metrics.Evaluation;

/**
 * A classifier whose questions ONNX Runtime answers, to be compared: the network of the same zip,
 * behind the same server and batcher.
 */
public final class OnnxPeer extends TrainedModel {
  private static final int LARGEST = 128;

  private final ClassifierService own;
  private final Path onnx;
  private final int threads;

  /**
   * @param onnx where the graph is written to
   * @param threads of each worker
   */
  public OnnxPeer(Path file, Path onnx, int threads) throws IOException {
    this(file, ModelArchive.read(file, ModelKind.CLASSIFIER), onnx, threads);
  }

  private OnnxPeer(Path file, ModelArchive archive, Path onnx, int threads) throws IOException {
    super(file, archive);
    own = new ClassifierService(file, archive.manifest(), archive.network());
    this.onnx = onnx;
    this.threads = threads;
    new Export(file, Format.ONNX, onnx, true).run();
    OnnxSession.version(); // starts the library as exports do
  }

  @Override
  public Service<?, ?> service() {
    return new Peer();
  }

  @Override
  public Evaluation evaluate() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Evaluation evaluate(Path data) {
    throw new UnsupportedOperationException();
  }

  private final class Peer implements Service<ClassService.Question, float[]> {
    private final ImageLoader loader = manifest().images(file());
    private final int pixels = own.inputs().get(0).width();

    @Override
    public String task() {
      return own.task();
    }

    @Override
    public Content content() {
      return own.content();
    }

    @Override
    public List<TensorType> inputs() {
      return own.inputs();
    }

    @Override
    public List<TensorType> outputs() {
      return own.outputs();
    }

    @Override
    public List<String> options() {
      return own.options();
    }

    @Override
    public List<Integer> sizes() {
      return own.sizes();
    }

    @Override
    public ClassService.Question example() {
      return new ClassService.Question(new float[pixels], 1);
    }

    /** Pixels with the channels first, as the graph takes them. */
    @Override
    public ClassService.Question question(String name, byte[] content, Options options) {
      byte[] image = loader.decode(name, content).pixels();
      int channels = manifest().image().channels();
      int plane = image.length / channels;
      float[] row = new float[image.length];
      for (int p = 0; p < plane; p++) {
        for (int c = 0; c < channels; c++) {
          row[c * plane + p] = image[p * channels + c] & 0xff;
        }
      }
      return new ClassService.Question(row, 3);
    }

    @Override
    public List<ClassService.Question> questions(Map<String, Tensor> inputs, Options options) {
      Tensor tensor = own.inputs().get(0).in(inputs);
      List<ClassService.Question> images = new ArrayList<>();
      for (int i = 0; i < tensor.rows(); i++) {
        images.add(new ClassService.Question(tensor.row(i), 1));
      }
      return images;
    }

    @Override
    public Map<String, Object> told(ClassService.Question question, float[] answer) {
      return own.told(question, answer);
    }

    @Override
    public List<Tensor> tensors(List<float[]> answers) {
      return own.tensors(answers);
    }

    @Override
    public Worker<ClassService.Question, float[]> worker() {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      FloatBuffer buffer =
          ByteBuffer.allocateDirect(LARGEST * pixels * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      try {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        OrtSession session = environment.createSession(onnx.toString(), options);
        return batch -> answer(environment, session, buffer, batch);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    private List<float[]> answer(
        OrtEnvironment environment,
        OrtSession session,
        FloatBuffer buffer,
        List<ClassService.Question> batch) {
      buffer.clear();
      batch.forEach(image -> buffer.put(image.values()));
      buffer.flip();
      Manifest.ImageShape shape = manifest().image();
      long[] size = {batch.size(), shape.channels(), shape.height(), shape.width()};
      try (OnnxTensor input = OnnxTensor.createTensor(environment, buffer, size);
          OrtSession.Result result =
              session.run(Map.of(session.getInputNames().iterator().next(), input))) {
        FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
        List<float[]> answers = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
          float[] answer = new float[manifest().labels().size()];
          values.get(answer);
          answers.add(answer);
        }
        return answers;
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
