package org.descry.bench.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.descry.bench.Batches;
import org.descry.bench.Meter;
import org.descry.bench.Peer;
import org.descry.bench.Trial;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A TensorFlow graph with its variables, its inputs and their values, and training by Adam. */
final class TrainingGraph {
  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final List<Variable<TFloat32>> variables = new ArrayList<>();
  private final List<Op> initialisers = new ArrayList<>();
  private final Map<Operand<?>, Tensor> inputs = new LinkedHashMap<>();

  Ops ops() {
    return tf;
  }

  /** A variable with normally distributed initial values of the given standard deviation. */
  Variable<TFloat32> variable(double deviation, long... shape) {
    Shape of = Shape.of(shape);
    float[] values = Batches.gaussian((int) of.size(), deviation, variables.size());
    Variable<TFloat32> variable = tf.variable(of, TFloat32.class);
    initialisers.add(tf.assign(variable, tf.constant(of, DataBuffers.of(values))));
    variables.add(variable);
    return variable;
  }

  Operand<TFloat32> input(float[] values, Shape shape) {
    Placeholder<TFloat32> input = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    inputs.put(input, TFloat32.tensorOf(shape, DataBuffers.of(values)));
    return input;
  }

  /** An input of integers in one dimension. */
  Operand<TInt32> input(int[] values) {
    Shape shape = Shape.of(values.length);
    Placeholder<TInt32> input = tf.placeholder(TInt32.class, Placeholder.shape(shape));
    inputs.put(input, TInt32.tensorOf(shape, DataBuffers.of(values)));
    return input;
  }

  /** A session with every variable initialised. */
  Session open() {
    ConfigProto config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(Trial.threads())
            .setInterOpParallelismThreads(1)
            .build();
    Session session = new Session(graph, config);
    Session.Runner runner = session.runner();
    initialisers.forEach(runner::addTarget);
    runner.run().close();
    return session;
  }

  Session.Runner feed(Session.Runner runner) {
    inputs.forEach(runner::feed);
    return runner;
  }

  /**
   * Repeats training steps.
   *
   * @param y where backpropagation starts
   * @param dy gradient of the loss with respect to y
   * @param loss reported to the meter
   * @param l2 the coefficient of half the squared variables in what is minimised
   */
  void train(
      Operand<TFloat32> y, Operand<TFloat32> dy, Operand<TFloat32> loss, double l2, Meter meter) {
    Placeholder<TFloat32> power1 = scalar();
    Placeholder<TFloat32> power2 = scalar();
    List<Op> updates = updates(y, dy, l2, power1, power2);
    Session session = open();
    float[] powers = {1, 1};
    meter.measure(
        () -> {
          powers[0] *= BETA_1;
          powers[1] *= BETA_2;
          Session.Runner runner = feed(session.runner());
          updates.forEach(runner::addTarget);
          try (TFloat32 value1 = TFloat32.scalarOf(powers[0]);
              TFloat32 value2 = TFloat32.scalarOf(powers[1]);
              Result result = runner.feed(power1, value1).feed(power2, value2).fetch(loss).run()) {
            return ((TFloat32) result.get(0)).getFloat();
          }
        });
  }

  private List<Op> updates(
      Operand<TFloat32> y,
      Operand<TFloat32> dy,
      double l2,
      Placeholder<TFloat32> power1,
      Placeholder<TFloat32> power2) {
    Output<?>[] gradients =
        graph.addGradients(
            null,
            new Output<?>[] {y.asOutput()},
            variables.stream().map(Operand::asOutput).toArray(Output<?>[]::new),
            new Output<?>[] {dy.asOutput()});
    List<Op> updates = new ArrayList<>();
    for (int i = 0; i < gradients.length; i++) {
      Variable<TFloat32> variable = variables.get(i);
      @SuppressWarnings("unchecked")
      Operand<TFloat32> gradient = (Operand<TFloat32>) gradients[i];
      if (l2 > 0) {
        gradient = tf.math.add(gradient, tf.math.mul(variable, tf.constant((float) l2)));
      }
      updates.add(
          tf.train.applyAdam(
              variable,
              zeros(variable.shape()),
              zeros(variable.shape()),
              power1,
              power2,
              tf.constant((float) Peer.LEARNING_RATE),
              tf.constant(BETA_1),
              tf.constant(BETA_2),
              tf.constant(EPSILON),
              gradient));
    }
    return updates;
  }

  private Variable<TFloat32> zeros(Shape shape) {
    Variable<TFloat32> variable = tf.variable(shape, TFloat32.class);
    initialisers.add(tf.assign(variable, tf.zeros(tf.constant(shape.asArray()), TFloat32.class)));
    return variable;
  }

  private Placeholder<TFloat32> scalar() {
    return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
  }
}
