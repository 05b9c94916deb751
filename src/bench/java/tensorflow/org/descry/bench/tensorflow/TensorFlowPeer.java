package org.descry.bench.tensorflow;

import java.io.IOException;
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
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
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
    graph.train(scores, scoreGradient, loss, ConvSpec.L2, meter);
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

  /** Sequences are time-major rows (T N) x D in one unrolled graph. */
  @Override
  public void train(SequenceSpec net, int batch, Meter meter) {
    SequenceBatch sentences = SequenceBatch.of(net, batch).transposed();
    Operand<TFloat32> h0 = net.hasFeatures() ? initialState(net, batch) : null;
    Operand<TFloat32> last = look(embedding(net), graph.input(sentences.words()));
    for (int layer = 0; layer < net.layers(); layer++) {
      last = rnn(net, last, h0, batch, layer);
    }
    Operand<TFloat32> scores = affine(last, net.hidden(), net.vocabulary());
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
    Variable<TFloat32> inputWeights = weights(net.embedding(), net.hidden());
    Variable<TFloat32> bias = graph.variable(0, net.hidden());
    Variable<TFloat32> recurrent = weights(net.hidden(), net.hidden());
    Variable<TFloat32> scoreWeights = weights(net.hidden(), net.vocabulary());
    Variable<TFloat32> scoreBias = graph.variable(0, net.vocabulary());
    int[] starts = new int[batch];
    Arrays.fill(starts, SequenceBatch.START);
    Operand<TInt32> word = graph.input(starts);
    Operand<TFloat32> state = initialState(net, batch);
    List<Operand<TInt32>> chosen = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      Operand<TFloat32> input = affine(look(embedding, word), inputWeights, bias);
      state = tf.math.tanh(tf.math.add(input, tf.linalg.matMul(state, recurrent)));
      Operand<TFloat32> scores = affine(state, scoreWeights, scoreBias);
      word = tf.math.argMax(scores, tf.constant(1), TInt32.class);
      chosen.add(word);
    }
    return tf.stack(chosen, Stack.axis(1L));
  }

  private Operand<TFloat32> initialState(SequenceSpec net, int batch) {
    Operand<TFloat32> features =
        graph.input(Batches.features(net, batch), Shape.of(batch, net.features()));
    return affine(features, net.features(), net.hidden());
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
    Operand<TFloat32> inputs =
        tf.reshape(
            affine(
                x, weights(net.layerInput(layer), net.hidden()), graph.variable(0, net.hidden())),
            tf.constant(new int[] {net.steps(), batch, net.hidden()}));
    Variable<TFloat32> recurrent = weights(net.hidden(), net.hidden());
    List<Operand<TFloat32>> states = new ArrayList<>();
    Operand<TFloat32> state = h0;
    for (Operand<TFloat32> input : tf.unstack(inputs, (long) net.steps(), Unstack.axis(0L))) {
      Operand<TFloat32> sum =
          state == null ? input : tf.math.add(input, tf.linalg.matMul(state, recurrent));
      state = tf.math.tanh(sum);
      states.add(state);
    }
    return tf.reshape(
        tf.stack(states, Stack.axis(0L)),
        tf.constant(new int[] {net.steps() * batch, net.hidden()}));
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
    return affine(x, weights(in, out), graph.variable(0, out));
  }

  private Operand<TFloat32> affine(
      Operand<TFloat32> x, Variable<TFloat32> weights, Variable<TFloat32> bias) {
    return tf.nn.biasAdd(tf.linalg.matMul(x, weights), bias);
  }

  private Variable<TFloat32> weights(int in, int out) {
    return graph.variable(1 / Math.sqrt(in), in, out);
  }
}
