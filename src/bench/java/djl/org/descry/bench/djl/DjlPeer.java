package org.descry.bench.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;
import java.util.Arrays;
import org.descry.bench.Batches;
import org.descry.bench.ConvSpec;
import org.descry.bench.Meter;
import org.descry.bench.Peer;
import org.descry.bench.Trial;

/** DJL's blocks and trainer on PyTorch. */
public final class DjlPeer implements Peer {
  private static final int SEED = 1;

  private final NDManager manager = NDManager.newBaseManager();

  private DjlPeer() {
    Engine.getInstance().setRandomSeed(SEED);
  }

  public static void main(String[] args) throws IOException {
    Trial.run(new DjlPeer(), args);
  }

  @Override
  public String engine() {
    Engine engine = Engine.getInstance();
    return "DJL " + Engine.getDjlVersion() + ", PyTorch " + engine.getVersion();
  }

  @Override
  public void multiply(int size, Meter meter) {
    NDArray a = manager.randomNormal(new Shape(size, size));
    NDArray b = manager.randomNormal(new Shape(size, size));
    meter.measure(
        () -> {
          a.matMul(b).close();
          return Double.NaN;
        });
  }

  @Override
  public void train(ConvSpec net, int batch, Meter meter) {
    NDArray pixels = pixels(net, batch);
    long[] classes = Arrays.stream(Batches.labels(net, batch)).asLongStream().toArray();
    NDArray labels = manager.create(classes, new Shape(batch, 1));
    try (Trainer trainer = trainer(net, pixels.getShape())) {
      meter.measure(() -> step(trainer, new NDList(pixels), new NDList(labels)));
    }
  }

  @Override
  public void infer(ConvSpec net, int batch, Meter meter) {
    NDArray pixels = pixels(net, batch);
    ParameterStore parameters = new ParameterStore(manager, false);
    // A trainer that nobody holds takes its model's parameters with it when it is collected.
    try (Trainer trainer = trainer(net, pixels.getShape())) {
      Block block = trainer.getModel().getBlock();
      meter.measure(
          () -> {
            scores(block, parameters, pixels);
            return Double.NaN;
          });
    }
  }

  private float[] scores(Block block, ParameterStore parameters, NDArray pixels) {
    try (NDManager scope = manager.newSubManager()) {
      NDList input = new NDList(pixels);
      input.tempAttach(scope);
      return block.forward(parameters, input, false).head().toFloatArray();
    }
  }

  private static double step(Trainer trainer, NDList pixels, NDList labels) {
    // Whatever the step makes hangs on the scope and is freed with it.
    try (NDManager scope = trainer.getManager().newSubManager()) {
      pixels.tempAttach(scope);
      labels.tempAttach(scope);
      double value;
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDArray loss = trainer.getLoss().evaluate(labels, trainer.forward(pixels));
        gradients.backward(loss);
        value = loss.getFloat();
      }
      trainer.step();
      return value;
    }
  }

  private NDArray pixels(ConvSpec net, int batch) {
    return manager.create(
        Batches.pixels(net, batch), new Shape(batch, net.channels(), net.height(), net.width()));
  }

  private static Trainer trainer(ConvSpec net, Shape input) {
    Model model = Model.newInstance("bench");
    model.setBlock(block(net));
    Adam adam =
        Adam.builder()
            .optLearningRateTracker(Tracker.fixed((float) ConvSpec.LEARNING_RATE))
            .optWeightDecays((float) ConvSpec.L2)
            .build();
    Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(adam));
    trainer.initialize(input);
    return trainer;
  }

  private static Block block(ConvSpec net) {
    SequentialBlock block = new SequentialBlock();
    for (ConvSpec.Stage stage : net.stages()) {
      block.add(convolution(stage)).add(Activation.reluBlock());
      if (stage.pool()) {
        block.add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
      }
    }
    block.add(Blocks.batchFlattenBlock());
    for (int units : net.hidden()) {
      block.add(Linear.builder().setUnits(units).build()).add(Activation.reluBlock());
    }
    return block.add(Linear.builder().setUnits(net.classes()).build());
  }

  private static Block convolution(ConvSpec.Stage stage) {
    return Conv2d.builder()
        .setFilters(stage.filters())
        .setKernelShape(new Shape(stage.filterSize(), stage.filterSize()))
        .optPadding(new Shape(stage.padding(), stage.padding()))
        .build();
  }
}
