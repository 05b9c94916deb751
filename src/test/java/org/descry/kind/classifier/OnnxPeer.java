package org.descry.kind.classifier;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.descry.archive.Manifest;
import org.descry.export.Export;
import org.descry.export.Format;
import org.descry.export.onnx.OnnxSession;

/** ONNX Runtime, with the network of the zip. */
public final class OnnxPeer extends PeerModel {
  private final Path onnx;
  private final int threads;

  /**
   * @param onnx where the graph is written to
   * @param threads of each worker
   */
  public OnnxPeer(Path file, Path onnx, int threads) throws IOException {
    super(file);
    this.onnx = onnx;
    this.threads = threads;
    new Export(file, Format.ONNX, onnx, true).run();
    OnnxSession.version(); // starts the library as exports do
  }

  @Override
  protected Network peer() {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try {
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(threads);
      OrtSession session = environment.createSession(onnx.toString(), options);
      return (pixels, rows) -> answer(environment, session, pixels, rows);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private float[] answer(
      OrtEnvironment environment, OrtSession session, FloatBuffer pixels, int rows) {
    Manifest.ImageShape shape = manifest().image();
    long[] size = {rows, shape.channels(), shape.height(), shape.width()};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, pixels, size);
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), input))) {
      float[] answers = new float[rows * manifest().labels().size()];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(answers);
      return answers;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
