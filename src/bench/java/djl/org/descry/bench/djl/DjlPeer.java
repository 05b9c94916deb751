package org.descry.bench.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.descry.bench.Batches;
import org.descry.bench.ConvSpec;
import org.descry.bench.Meter;
import org.descry.bench.Peer;
import org.descry.bench.SequenceBatch;
import org.descry.bench.SequenceSpec;
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
    NDArray labels = integers(Batches.labels(net, batch), new Shape(batch, 1));
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

  @Override
  public void predict(ConvSpec net, Path image, Meter meter) {
    Shape shape = new Shape(1, net.height(), net.width(), net.channels());
    ParameterStore parameters = new ParameterStore(manager, false);
    try (Trainer trainer = trainer(net, new Shape(1, net.channels(), net.height(), net.width()))) {
      Block block = trainer.getModel().getBlock();
      meter.measure(
          () -> {
            try (NDManager scope = manager.newSubManager()) {
              NDArray pixels = scope.create(Batches.decode(image), shape).transpose(0, 3, 1, 2);
              block.forward(parameters, new NDList(pixels), false).head().argMax(1).toLongArray();
            }
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

  @Override
  public void train(SequenceSpec net, int batch, Meter meter) {
    SequenceBatch sentences = SequenceBatch.of(net, batch);
    Shape target = new Shape(batch, net.steps(), 1);
    NDArray next = integers(sentences.next(), target);
    NDArray mask = manager.create(sentences.mask(), target);
    NDArray words = integers(sentences.words(), new Shape(batch, net.steps()));
    NDList inputs = net.hasFeatures() ? new NDList(features(net, batch), words) : new NDList(words);
    try (Trainer trainer =
        trainer(new SequenceBlock(net), new MaskedLoss(), adam(0), inputs.getShapes())) {
      meter.measure(() -> step(trainer, inputs, new NDList(next, mask)));
    }
  }

  @Override
  public void generate(SequenceSpec net, int batch, int words, Meter meter) {
    SequenceBlock block = new SequenceBlock(net);
    NDArray features = features(net, batch);
    int[] starts = new int[batch];
    Arrays.fill(starts, SequenceBatch.START);
    NDArray start = integers(starts, new Shape(batch, 1));
    block.initialize(manager, DataType.FLOAT32, features.getShape(), start.getShape());
    ParameterStore parameters = new ParameterStore(manager, false);
    meter.measure(
        () -> {
          words(block, parameters, features, start, words);
          return Double.NaN;
        });
  }

  private long[] words(
      SequenceBlock block, ParameterStore parameters, NDArray features, NDArray start, int count) {
    try (NDManager scope = manager.newSubManager()) {
      new NDList(features, start).tempAttach(scope);
      NDArray state = block.initialState(parameters, features, false);
      NDArray word = start;
      NDList chosen = new NDList();
      for (int i = 0; i < count; i++) {
        NDList step = block.step(parameters, word, state, false);
        word = step.get(0).argMax(-1);
        state = step.get(1);
        chosen.add(word);
      }
      return NDArrays.concat(chosen, 1).toLongArray();
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

  private NDArray integers(int[] values, Shape shape) {
    return manager.create(Arrays.stream(values).asLongStream().toArray(), shape);
  }

  private NDArray features(SequenceSpec net, int batch) {
    return manager.create(Batches.features(net, batch), new Shape(batch, net.features()));
  }

  private static Trainer trainer(ConvSpec net, Shape input) {
    return trainer(block(net), Loss.softmaxCrossEntropyLoss(), adam(ConvSpec.L2), input);
  }

  private static Trainer trainer(Block block, Loss loss, Adam adam, Shape... inputs) {
    Model model = Model.newInstance("bench");
    model.setBlock(block);
    Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(loss)
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(adam));
    trainer.initialize(inputs);
    return trainer;
  }

  private static Adam adam(double l2) {
    return Adam.builder()
        .optLearningRateTracker(Tracker.fixed((float) Peer.LEARNING_RATE))
        .optWeightDecays((float) l2)
        .build();
  }

  static Block block(ConvSpec net) {
    SequentialBlock block = new SequentialBlock();
    for (ConvSpec.Stage stage : net.stages()) {
      addConvolution(block, stage, net.batchNorm());
      if (stage.pool()) {
        block.add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
      }
      for (int i = 0; i < stage.blocks(); i++) {
        SequentialBlock twice = new SequentialBlock();
        addConvolution(twice, stage, net.batchNorm());
        addConvolution(twice, stage, net.batchNorm());
        block.add(
            new ParallelBlock(
                sums ->
                    new NDList(sums.get(0).singletonOrThrow().add(sums.get(1).singletonOrThrow())),
                List.of(Blocks.identityBlock(), twice)));
      }
    }
    block.add(Blocks.batchFlattenBlock());
    for (int units : net.hidden()) {
      block.add(Linear.builder().setUnits(units).build());
      if (net.batchNorm()) {
        block.add(BatchNorm.builder().build());
      }
      block.add(Activation.reluBlock());
    }
    return block.add(Linear.builder().setUnits(net.classes()).build());
  }

  private static void addConvolution(
      SequentialBlock block, ConvSpec.Stage stage, boolean batchNorm) {
    block.add(convolution(stage));
    if (batchNorm) {
      block.add(BatchNorm.builder().build());
    }
    block.add(Activation.reluBlock());
  }

  private static Block convolution(ConvSpec.Stage stage) {
    return Conv2d.builder()
        .setFilters(stage.filters())
        .setKernelShape(new Shape(stage.filterSize(), stage.filterSize()))
        .optPadding(new Shape(stage.padding(), stage.padding()))
        .build();
  }
}
