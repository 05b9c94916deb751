package org.descry.kind.classifier;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.data.image.ImageLoader;
import org.descry.kind.ClassService;
import org.descry.kind.TrainedModel;
import org.descry.kind.service.Options;
import org.descry.kind.service.Service;
import org.descry.kind.service.Tensor;
import org.descry.metrics.Evaluation;

/**
 * A classifier whose questions the network of another program answers, to be compared: behind the
 * same server and batcher.
 */
public abstract class PeerModel extends TrainedModel {
  private static final int LARGEST = 128;

  private final ClassifierService own;

  /** For one thread: takes N x C x H x W pixels from 0 to 255, gives N x K values. */
  @FunctionalInterface
  protected interface Network {
    float[] answer(FloatBuffer pixels, int rows);
  }

  protected PeerModel(Path file) {
    this(file, ModelArchive.read(file, ModelKind.CLASSIFIER));
  }

  private PeerModel(Path file, ModelArchive archive) {
    super(file, archive);
    own = new ClassifierService(file, archive.manifest(), archive.network());
  }

  /** A network for one thread. */
  protected abstract Network peer();

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
    private final int pixels = own.traits().inputs().get(0).width();

    @Override
    public Traits traits() {
      return own.traits();
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
      Tensor tensor = own.traits().inputs().get(0).in(inputs);
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
      Network network = peer();
      FloatBuffer buffer =
          ByteBuffer.allocateDirect(LARGEST * pixels * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      return batch -> {
        buffer.clear();
        batch.forEach(image -> buffer.put(image.values()));
        buffer.flip();
        float[] values = network.answer(buffer, batch.size());
        int classes = values.length / batch.size();
        List<float[]> answers = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
          answers.add(Arrays.copyOfRange(values, i * classes, (i + 1) * classes));
        }
        return answers;
      };
    }
  }
}
