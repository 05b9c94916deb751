package org.descry.bench.tensorflow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.descry.bench.Batches;
import org.descry.bench.ConvSpec;
import org.descry.bench.Meter;
import org.descry.bench.Peer;
import org.descry.bench.SequenceBatch;
import org.descry.bench.SequenceSpec;
import org.descry.bench.Trial;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.SparseSoftmaxCrossEntropyWithLogits;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** TensorFlow Java in graph mode, with its symbolic gradients and its fused Adam. */
public final class TensorFlowPeer implements Peer {
  private static final double EMBEDDING_SCALE = 0.1;

  private final TrainingGraph graph = new TrainingGraph();
  private final Ops tf = graph.ops();
  private final Layers layers = new Layers(graph);

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
    Operand<TFloat32> scores = scores(net, pixels(net, batch), batch);
    SparseSoftmaxCrossEntropyWithLogits<TFloat32> crossEntropy =
        tf.nn.sparseSoftmaxCrossEntropyWithLogits(scores, graph.input(Batches.labels(net, batch)));
    Operand<TFloat32> loss = tf.math.mean(crossEntropy.loss(), tf.constant(0));
    // The gradient with respect to the scores is an output of the loss itself.
    Operand<TFloat32> scoreGradient =
        tf.math.div(crossEntropy.backprop(), tf.constant((float) batch));
    graph.train(scores, scoreGradient, loss, ConvSpec.L2, meter);
  }

  @Override
  public void infer(ConvSpec net, int batch, Meter meter) {
    Operand<TFloat32> scores = scores(net, pixels(net, batch), batch);
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

  @Override
  public void predict(ConvSpec net, Path image, Meter meter) {
    Shape shape = Shape.of(1, net.height(), net.width(), net.channels());
    Placeholder<TFloat32> pixels = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    Operand<TInt32> best = tf.math.argMax(scores(net, pixels, 1), tf.constant(1), TInt32.class);
    Session session = graph.open();
    meter.measure(
        () -> {
          try (TFloat32 values = TFloat32.tensorOf(shape, DataBuffers.of(Batches.decode(image)));
              Result result = session.runner().feed(pixels, values).fetch(best).run()) {
            ((TInt32) result.get(0)).getInt(0);
          }
          return Double.NaN;
        });
  }

  private Operand<TFloat32> pixels(ConvSpec net, int batch) {
    return graph.input(
        Batches.pixelsChannelsLast(net, batch),
        Shape.of(batch, net.height(), net.width(), net.channels()));
  }

  /** Sequences are time-major rows (T N) x D in one unrolled graph. */
  @Override
  public void train(SequenceSpec net, int batch, Meter meter) {
    SequenceBatch sentences = SequenceBatch.of(net, batch).transposed();
    Operand<TFloat32> initial = net.hasFeatures() ? initialState(net, batch) : null;
    Operand<TFloat32> last = look(embedding(net), graph.input(sentences.words()));
    for (int layer = 0; layer < net.layers(); layer++) {
      last =
          net.lstm()
              ? lstm(net, last, initial, batch, layer)
              : rnn(net, last, initial, batch, layer);
    }
    Operand<TFloat32> scores = layers.affine(last, net.hidden(), net.vocabulary());
    SparseSoftmaxCrossEntropyWithLogits<TFloat32> crossEntropy =
        tf.nn.sparseSoftmaxCrossEntropyWithLogits(scores, graph.input(sentences.next()));
    Operand<TFloat32> mask = graph.input(sentences.mask(), Shape.of(sentences.mask().length));
    Operand<TFloat32> weights = tf.math.div(mask, tf.constant((float) batch));
    Operand<TFloat32> loss =
        tf.reduceSum(tf.math.mul(crossEntropy.loss(), weights), tf.constant(0));
    Operand<TFloat32> scoreGradient =
        tf.math.mul(crossEntropy.backprop(), tf.expandDims(weights, tf.constant(1)));
    double noDecay = 0;
    graph.train(scores, scoreGradient, loss, noDecay, meter);
  }

  @Override
  public void generate(SequenceSpec net, int batch, int words, Meter meter) {
    Operand<TInt32> sentences = sentences(net, batch, words);
    Session session = graph.open();
    int[] copy = new int[batch * words];
    meter.measure(
        () -> {
          try (Result result = graph.feed(session.runner()).fetch(sentences).run()) {
            ((TInt32) result.get(0)).copyTo(DataBuffers.of(copy));
          }
          return Double.NaN;
        });
  }

  /** All words of all sentences, N x T. */
  private Operand<TInt32> sentences(SequenceSpec net, int batch, int words) {
    Variable<TFloat32> embedding = embedding(net);
    Variable<TFloat32> inputWeights = layers.weights(net.embedding(), net.hidden());
    Variable<TFloat32> bias = graph.variable(0, net.hidden());
    Variable<TFloat32> recurrent = layers.weights(net.hidden(), net.hidden());
    Variable<TFloat32> scoreWeights = layers.weights(net.hidden(), net.vocabulary());
    Variable<TFloat32> scoreBias = graph.variable(0, net.vocabulary());
    int[] starts = new int[batch];
    Arrays.fill(starts, SequenceBatch.START);
    Operand<TInt32> word = graph.input(starts);
    Operand<TFloat32> state = initialState(net, batch);
    List<Operand<TInt32>> chosen = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      Operand<TFloat32> input = layers.affine(look(embedding, word), inputWeights, bias);
      state = tf.math.tanh(tf.math.add(input, tf.linalg.matMul(state, recurrent)));
      Operand<TFloat32> scores = layers.affine(state, scoreWeights, scoreBias);
      word = tf.math.argMax(scores, tf.constant(1), TInt32.class);
      chosen.add(word);
    }
    return tf.stack(chosen, Stack.axis(1L));
  }

  private Operand<TFloat32> initialState(SequenceSpec net, int batch) {
    Operand<TFloat32> features =
        graph.input(Batches.features(net, batch), Shape.of(batch, net.features()));
    return layers.affine(features, net.features(), net.stateWidth());
  }

  private Variable<TFloat32> embedding(SequenceSpec net) {
    return graph.variable(EMBEDDING_SCALE, net.vocabulary(), net.embedding());
  }

  private Operand<TFloat32> look(Variable<TFloat32> embedding, Operand<TInt32> words) {
    return tf.gather(embedding, words, tf.constant(0));
  }

  /** One layer over all steps, whose inputs are projected by a single product. */
  private Operand<TFloat32> rnn(
      SequenceSpec net, Operand<TFloat32> x, Operand<TFloat32> h0, int batch, int layer) {
    Variable<TFloat32> recurrent = layers.weights(net.hidden(), net.hidden());
    List<Operand<TFloat32>> states = new ArrayList<>();
    Operand<TFloat32> state = h0;
    for (Operand<TFloat32> input : inputs(net, x, batch, layer)) {
      Operand<TFloat32> sum =
          state == null ? input : tf.math.add(input, tf.linalg.matMul(state, recurrent));
      state = tf.math.tanh(sum);
      states.add(state);
    }
    return rows(net, states, batch);
  }

  /** What a layer's input gives to its preactivations, step by step, from a single product. */
  private List<Output<TFloat32>> inputs(
      SequenceSpec net, Operand<TFloat32> x, int batch, int layer) {
    int width = net.gates() * net.hidden();
    Operand<TFloat32> all =
        layers.affine(x, layers.weights(net.layerInput(layer), width), graph.variable(0, width));
    Operand<TFloat32> steps = tf.reshape(all, tf.constant(new int[] {net.steps(), batch, width}));
    return tf.unstack(steps, (long) net.steps(), Unstack.axis(0L)).output();
  }

  private Operand<TFloat32> rows(SequenceSpec net, List<Operand<TFloat32>> states, int batch) {
    return tf.reshape(
        tf.stack(states, Stack.axis(0L)),
        tf.constant(new int[] {net.steps() * batch, net.hidden()}));
  }

  /** A layer whose gates are i, f, o and g; its initial state is h beside c. */
  private Operand<TFloat32> lstm(
      SequenceSpec net, Operand<TFloat32> x, Operand<TFloat32> initial, int batch, int layer) {
    Variable<TFloat32> recurrent = layers.weights(net.hidden(), net.gates() * net.hidden());
    Operand<TInt32> columns = tf.constant(1);
    List<Operand<TFloat32>> states = new ArrayList<>();
    Operand<TFloat32> h = null;
    Operand<TFloat32> c = null;
    if (initial != null) {
      List<Output<TFloat32>> both = tf.split(columns, initial, 2L).output();
      h = both.get(0);
      c = both.get(1);
    }
    for (Operand<TFloat32> input : inputs(net, x, batch, layer)) {
      Operand<TFloat32> a = h == null ? input : tf.math.add(input, tf.linalg.matMul(h, recurrent));
      List<Output<TFloat32>> gates = tf.split(columns, a, (long) net.gates()).output();
      Operand<TFloat32> fresh =
          tf.math.mul(tf.math.sigmoid(gates.get(0)), tf.math.tanh(gates.get(3)));
      c = c == null ? fresh : tf.math.add(tf.math.mul(tf.math.sigmoid(gates.get(1)), c), fresh);
      h = tf.math.mul(tf.math.sigmoid(gates.get(2)), tf.math.tanh(c));
      states.add(h);
    }
    return rows(net, states, batch);
  }

  /** Channels last, the layout that TensorFlow's convolutions on a CPU take. */
  private Operand<TFloat32> scores(ConvSpec net, Operand<TFloat32> pixels, int batch) {
    Operand<TFloat32> last = pixels;
    int in = net.channels();
    for (ConvSpec.Stage stage : net.stages()) {
      last = layers.convolution(last, in, stage, net.batchNorm());
      if (stage.pool()) {
        Operand<TInt32> window = tf.constant(new int[] {1, 2, 2, 1});
        last = tf.nn.maxPool(last, window, window, "VALID");
      }
      in = stage.filters();
      for (int block = 0; block < stage.blocks(); block++) {
        Operand<TFloat32> once = layers.convolution(last, in, stage, net.batchNorm());
        last = tf.math.add(last, layers.convolution(once, in, stage, net.batchNorm()));
      }
    }
    last = tf.reshape(last, tf.constant(new int[] {batch, net.flattened()}));
    in = net.flattened();
    for (int units : net.hidden()) {
      Operand<TFloat32> sums = layers.affine(last, in, units);
      last = tf.nn.relu(net.batchNorm() ? layers.normalized(sums, batch, units) : sums);
      in = units;
    }
    return layers.affine(last, in, net.classes());
  }
}
