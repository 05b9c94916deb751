package org.descry.layer;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.descry.testing.LayerContract;
import org.descry.testing.LossContract;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every layer against the one contract. */
class LayerContractTest {
  private static final int N = 4;
  private static final int CLASSES = 5;

  @TestFactory
  Stream<DynamicContainer> layers() {
    return Stream.of(
        layer(
            "affine",
            () -> new AffineLayer.Builder().nOut(5).build(),
            InputType.feedForward(6),
            N,
            6),
        layer(
            "affine on pictures",
            () -> new AffineLayer.Builder().nOut(4).build(),
            InputType.convolutional(3, 4, 2),
            N,
            2,
            3,
            4),
        layer(
            "affine-relu",
            () -> new AffineReluLayer.Builder().nOut(7).build(),
            InputType.feedForward(6),
            N,
            6),
        layer(
            "conv-relu",
            () -> new ConvReluLayer.Builder().filters(4).kernel(3, 3).build(),
            InputType.convolutional(5, 6, 2),
            N,
            2,
            5,
            6),
        layer(
            "conv-relu, rectangular with stride",
            () ->
                new ConvReluLayer.Builder()
                    .filters(3)
                    .kernel(2, 4)
                    .stride(2, 1)
                    .padding(1, 2)
                    .build(),
            InputType.convolutional(6, 5, 3),
            N,
            3,
            6,
            5),
        layer(
            "conv-relu-pool",
            () -> new ConvReluPoolLayer.Builder().filters(4).kernel(3, 3).build(),
            InputType.convolutional(6, 8, 3),
            N,
            3,
            6,
            8),
        layer(
            "conv-relu-pool, overlapping windows",
            () ->
                new ConvReluPoolLayer.Builder()
                    .filters(3)
                    .kernel(3, 3)
                    .pool(3, 3)
                    .poolStride(2, 2)
                    .build(),
            InputType.convolutional(7, 7, 2),
            N,
            2,
            7,
            7));
  }

  @TestFactory
  Stream<DynamicContainer> losses() {
    RandomArrays random = new RandomArrays(21);
    INDArray oneHot = random.oneHot(N, CLASSES);
    INDArray smoothed = random.probabilities(N, CLASSES);
    return Stream.of(
        loss("softmax", SoftmaxLossLayer::new, oneHot),
        loss("softmax with smoothed labels", SoftmaxLossLayer::new, smoothed),
        loss("svm", SvmLossLayer::new, oneHot));
  }

  private static DynamicContainer layer(
      String name, Supplier<ExplicitLayer> layer, InputType inputType, long... shape) {
    INDArray x = new RandomArrays(name.hashCode()).normal(shape);
    return DynamicContainer.dynamicContainer(
        name,
        new LayerContract(layer, inputType, x, null, LayerContractTest::backwardPasses).checks());
  }

  private static DynamicContainer loss(String name, Supplier<LossLayer> layer, INDArray labels) {
    INDArray mask = new RandomArrays(0).mask(N, 1).assign(1);
    mask.putScalar(1, 0, 0);
    mask.putScalar(3, 0, 0);
    Stream<DynamicTest> checks =
        new LossContract(
                layer,
                LayerContractTest::trunk,
                InputType.feedForward(CLASSES),
                new RandomArrays(name.hashCode()).normal(N, CLASSES),
                labels,
                mask,
                LayerContractTest::backwardPasses)
            .checks();
    return DynamicContainer.dynamicContainer(name, checks);
  }

  private static DenseLayer trunk() {
    return new DenseLayer.Builder().nOut(CLASSES).activation(Activation.IDENTITY).build();
  }

  private static long backwardPasses(Layer layer) {
    return layer instanceof LossLayerRuntime loss
        ? loss.backwardPasses()
        : ((ExplicitLayerRuntime) layer).backwardPasses();
  }
}
