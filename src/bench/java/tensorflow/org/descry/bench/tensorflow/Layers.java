package org.descry.bench.tensorflow;

import java.util.List;
import org.descry.bench.ConvSpec;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/** What the networks of all rows are made of. */
final class Layers {
  private final TrainingGraph graph;
  private final Ops tf;

  Layers(TrainingGraph graph) {
    this.graph = graph;
    tf = graph.ops();
  }

  /** Keeps the size of the images. */
  Operand<TFloat32> convolution(
      Operand<TFloat32> x, int in, ConvSpec.Stage stage, boolean batchNorm) {
    int size = stage.filterSize();
    Variable<TFloat32> filters =
        graph.variable(Math.sqrt(2.0 / (size * size * in)), size, size, in, stage.filters());
    Operand<TFloat32> sums = tf.nn.conv2d(x, filters, List.of(1L, 1L, 1L, 1L), "SAME");
    sums = tf.nn.biasAdd(sums, graph.variable(0, stage.filters()));
    return tf.nn.relu(batchNorm ? normalized(sums, stage.filters()) : sums);
  }

  /** The rows of an affine layer as images of one pixel. */
  Operand<TFloat32> normalized(Operand<TFloat32> rows, int batch, int width) {
    Operand<TFloat32> images = tf.reshape(rows, tf.constant(new int[] {batch, 1, 1, width}));
    return tf.reshape(normalized(images, width), tf.constant(new int[] {batch, width}));
  }

  /** Batch normalisation over channels-last images; running averages are left out. */
  private Operand<TFloat32> normalized(Operand<TFloat32> x, int channels) {
    Operand<TFloat32> none = tf.constant(new float[channels]);
    return tf.nn
        .fusedBatchNorm(
            x,
            tf.math.add(graph.variable(0, channels), tf.constant(1f)),
            graph.variable(0, channels),
            none,
            none,
            FusedBatchNorm.epsilon(1e-5f),
            FusedBatchNorm.isTraining(true))
        .y();
  }

  Operand<TFloat32> affine(Operand<TFloat32> x, int in, int out) {
    return affine(x, weights(in, out), graph.variable(0, out));
  }

  Operand<TFloat32> affine(
      Operand<TFloat32> x, Variable<TFloat32> weights, Variable<TFloat32> bias) {
    return tf.nn.biasAdd(tf.linalg.matMul(x, weights), bias);
  }

  Variable<TFloat32> weights(int in, int out) {
    return graph.variable(1 / Math.sqrt(in), in, out);
  }
}
