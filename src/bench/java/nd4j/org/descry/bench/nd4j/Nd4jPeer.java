package org.descry.bench.nd4j;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.bench.Batches;
import org.descry.bench.ConvSpec;
import org.descry.bench.Meter;
import org.descry.bench.Peer;
import org.descry.bench.SequenceSpec;
import org.descry.engine.Engine;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.AllocationsTracker;
import org.nd4j.linalg.api.memory.enums.AllocationKind;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What the three peers on ND4J have in common: the engine, its memory, its data. */
abstract class Nd4jPeer implements Peer {
  private static final int DEVICE = 0;

  @Override
  public String engine() {
    return "ND4J " + Engine.start().binary();
  }

  /** The engine's own count of its buffers, and the workspaces, which it does not count. */
  @Override
  public long offHeapBytes() {
    return Nd4j.getEnvironment().getDeviceCouner(DEVICE)
        + AllocationsTracker.getInstance().bytesOnDevice(AllocationKind.WORKSPACE, DEVICE);
  }

  @Override
  public void multiply(int size, Meter meter) {
    DynamicCustomOp product =
        DynamicCustomOp.builder("matmul")
            .addInputs(Nd4j.rand(DataType.FLOAT, size, size), Nd4j.rand(DataType.FLOAT, size, size))
            .addOutputs(Nd4j.create(DataType.FLOAT, new long[] {size, size}, 'c'))
            .build();
    meter.measure(
        () -> {
          Nd4j.exec(product);
          return Double.NaN;
        });
  }

  /** Steps by DL4J's own fit. */
  static void fit(ComputationGraph graph, MultiDataSet data, Meter meter) {
    meter.measure(
        () -> {
          graph.fit(data);
          return graph.score();
        });
  }

  /** Images of shape N x C x H x W over memory in that order, which the stock layers want. */
  static INDArray pixels(ConvSpec net, int batch) {
    return Nd4j.createFromArray(Batches.pixels(net, batch))
        .reshape(batch, net.channels(), net.height(), net.width());
  }

  static INDArray oneHotLabels(ConvSpec net, int batch) {
    return Nd4j.createFromArray(Batches.oneHot(Batches.labels(net, batch), net.classes()));
  }

  /** Features of images, N x D. */
  static INDArray features(SequenceSpec net, int batch) {
    return Nd4j.createFromArray(Batches.features(net, batch)).reshape(batch, net.features());
  }

  /** Words as the numbers that networks are fed, rows x columns. */
  static INDArray words(int[] words, int rows, int columns) {
    return Nd4j.createFromArray(words).castTo(DataType.FLOAT).reshape(rows, columns);
  }
}
