package org.descry.export.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.sun.jna.Platform;
import com.sun.jna.platform.unix.LibC;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.descry.DescryException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** An ONNX file that ONNX Runtime, if it is on the class path, has read. */
public final class OnnxSession implements AutoCloseable {
  private final Path file;
  private final OrtEnvironment environment;
  private final OrtSession session;

  /**
   * @throws DescryException if the file is not one that ONNX Runtime takes
   */
  public OnnxSession(Path file) {
    this.file = file;
    try {
      environment = environment();
      // Not by its name: ONNX Runtime does not find all that Unicode has.
      session = environment.createSession(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OrtException e) {
      throw refused(e);
    }
  }

  /**
   * The library's version.
   *
   * @throws LinkageError if it is not on the class path or cannot be started here
   */
  public static String version() {
    return environment().getVersion();
  }

  /**
   * The library, which from 1.29 on reports its use to its makers unless told not to before it
   * starts; the code that does so ends the JVM where a command line is long.
   */
  private static OrtEnvironment environment() {
    if (!Platform.isWindows()) {
      LibC.INSTANCE.setenv("ORT_DISABLE_TELEMETRY", "1", 1);
    }
    return OrtEnvironment.getEnvironment();
  }

  /**
   * Asks the model.
   *
   * @param inputs by name; what the model takes as int64 is rounded
   * @return the outputs by name
   * @throws DescryException if ONNX Runtime fails
   */
  public Map<String, INDArray> run(Map<String, INDArray> inputs) {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (Map.Entry<String, INDArray> input : inputs.entrySet()) {
        tensors.put(input.getKey(), tensor(input.getKey(), input.getValue()));
      }
      Map<String, INDArray> answers = new HashMap<>();
      try (OrtSession.Result result = session.run(tensors)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          OnnxTensor tensor = (OnnxTensor) output.getValue();
          FloatBuffer values = tensor.getFloatBuffer();
          float[] floats = new float[values.remaining()];
          values.get(floats);
          answers.put(
              output.getKey(),
              Nd4j.createFromArray(floats).reshape('c', tensor.getInfo().getShape()));
        }
      }
      return answers;
    } catch (OrtException e) {
      throw refused(e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor tensor(String name, INDArray array) throws OrtException {
    TensorInfo wanted = (TensorInfo) session.getInputInfo().get(name).getInfo();
    INDArray rows = array.dup('c');
    return wanted.type == OnnxJavaType.INT64
        ? OnnxTensor.createTensor(environment, LongBuffer.wrap(rows.data().asLong()), array.shape())
        : OnnxTensor.createTensor(
            environment, FloatBuffer.wrap(rows.data().asFloat()), array.shape());
  }

  private DescryException refused(OrtException e) {
    return new DescryException(
        "%s: ONNX Runtime does not take the export: %s".formatted(file, e.getMessage()), e);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw refused(e);
    }
  }
}
