package org.descry.bench.tensorflow;

import java.io.IOException;
import java.util.List;
import org.descry.bench.Batches;
import org.descry.bench.ConvSpec;
import org.descry.bench.Meter;
import org.descry.bench.Peer;
import org.descry.bench.Trial;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.SparseSoftmaxCrossEntropyWithLogits;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** TensorFlow Java in graph mode, with its symbolic gradients and its fused Adam. */
public final class TensorFlowPeer implements Peer {
  private final TrainingGraph graph = new TrainingGraph();
  private final Ops tf = graph.ops();

  private TensorFlowPeer() {}

  public static void main(String[] args) throws IOException {
    Trial.run(new TensorFlowPeer(), args);
  }

  @Override
  public String engine() {
    return "TensorFlow " + TensorFlow.version();
  }

  @Override
  public void multiply(int size, Meter meter) {
    Variable<TFloat32> a = graph.variable(1, size, size);
    Variable<TFloat32> b = graph.variable(1, size, size);
    Op product = tf.linalg.matMul(a, b);
    Session session = graph.open();
    meter.measure(
        () -> {
          session.runner().addTarget(product).run().close();
          return Double.NaN;
        });
  }

  @Override
  public void train(ConvSpec net, int batch, Meter meter) {
    Operand<TFloat32> scores = scores(net, batch);
    SparseSoftmaxCrossEntropyWithLogits<TFloat32> crossEntropy =
        tf.nn.sparseSoftmaxCrossEntropyWithLogits(scores, graph.input(Batches.labels(net, batch)));
    Operand<TFloat32> loss = tf.math.mean(crossEntropy.loss(), tf.constant(0));
    // The gradient with respect to the scores is an output of the loss itself.
    Operand<TFloat32> scoreGradient =
        tf.math.div(crossEntropy.backprop(), tf.constant((float) batch));
    graph.train(scores, scoreGradient, loss, meter);
  }

  @Override
  public void infer(ConvSpec net, int batch, Meter meter) {
    Operand<TFloat32> scores = scores(net, batch);
    Session session = graph.open();
    float[] copy = new float[batch * net.classes()];
    meter.measure(
        () -> {
          try (Result result = graph.feed(session.runner()).fetch(scores).run()) {
            ((TFloat32) result.get(0)).copyTo(DataBuffers.of(copy));
          }
          return Double.NaN;
        });
  }

  /** Channels last, the layout that TensorFlow's convolutions on a CPU take. */
  private Operand<TFloat32> scores(ConvSpec net, int batch) {
    Operand<TFloat32> last =
        graph.input(
            Batches.pixelsChannelsLast(net, batch),
            Shape.of(batch, net.height(), net.width(), net.channels()));
    int in = net.channels();
    for (ConvSpec.Stage stage : net.stages()) {
      last = convolution(last, in, stage);
      in = stage.filters();
    }
    last = tf.reshape(last, tf.constant(new int[] {batch, net.flattened()}));
    in = net.flattened();
    for (int units : net.hidden()) {
      last = tf.nn.relu(affine(last, in, units));
      in = units;
    }
    return affine(last, in, net.classes());
  }

  private Operand<TFloat32> convolution(Operand<TFloat32> x, int in, ConvSpec.Stage stage) {
    int size = stage.filterSize();
    Variable<TFloat32> filters =
        graph.variable(Math.sqrt(2.0 / (size * size * in)), size, size, in, stage.filters());
    Operand<TFloat32> sums = tf.nn.conv2d(x, filters, List.of(1L, 1L, 1L, 1L), "SAME");
    Operand<TFloat32> activations =
        tf.nn.relu(tf.nn.biasAdd(sums, graph.variable(0, stage.filters())));
    if (!stage.pool()) {
      return activations;
    }
    Operand<TInt32> window = tf.constant(new int[] {1, 2, 2, 1});
    return tf.nn.maxPool(activations, window, window, "VALID");
  }

  private Operand<TFloat32> affine(Operand<TFloat32> x, int in, int out) {
    Variable<TFloat32> weights = graph.variable(Math.sqrt(2.0 / in), in, out);
    return tf.nn.biasAdd(tf.linalg.matMul(x, weights), graph.variable(0, out));
  }
}
