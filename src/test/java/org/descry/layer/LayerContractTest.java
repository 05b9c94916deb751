package org.descry.layer;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.descry.kernel.BatchNorm;
import org.descry.testing.LayerContract;
import org.descry.testing.LossContract;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The layers of the classifiers against the one contract. */
class LayerContractTest {
  private static final int N = 4;
  private static final int CLASSES = 5;

  @TestFactory
  Stream<DynamicContainer> affine() {
    return Stream.of(
        layer("affine", () -> new AffineLayer.Builder().nOut(5).build(), InputType.feedForward(6)),
        layer(
            "affine on images",
            () -> new AffineLayer.Builder().nOut(4).build(),
            InputType.convolutional(3, 4, 2)),
        layer(
            "affine-relu",
            () -> new AffineReluLayer.Builder().nOut(7).build(),
            InputType.feedForward(6)));
  }

  @TestFactory
  Stream<DynamicContainer> convolutions() {
    return Stream.of(
        layer(
            "conv-relu",
            () -> new ConvReluLayer.Builder().filters(4).kernel(3, 3).build(),
            InputType.convolutional(5, 6, 2)),
        layer(
            "conv-relu, rectangular with stride",
            LayerContractTest::rectangular,
            InputType.convolutional(6, 5, 3)),
        layer(
            "conv-relu-pool",
            () -> new ConvReluPoolLayer.Builder().filters(4).kernel(3, 3).build(),
            InputType.convolutional(6, 8, 3)),
        layer(
            "conv-relu-pool, overlapping windows",
            () ->
                new ConvReluPoolLayer.Builder()
                    .filters(3)
                    .kernel(3, 3)
                    .pool(3, 3)
                    .poolStride(2, 2)
                    .build(),
            InputType.convolutional(7, 7, 2)));
  }

  @TestFactory
  Stream<DynamicContainer> blocks() {
    return Stream.of(
        layer(
            "affine block",
            () ->
                new AffineBlockLayer.Builder()
                    .nOut(7)
                    .activation(org.descry.kernel.Activation.SILU)
                    .build(),
            InputType.feedForward(6)),
        layer(
            "affine block that normalises",
            () ->
                new AffineBlockLayer.Builder()
                    .nOut(7)
                    .activation(org.descry.kernel.Activation.TANH)
                    .batchNorm(true)
                    .build(),
            InputType.convolutional(3, 4, 2)),
        layer(
            "conv block that normalises and pools",
            () ->
                new ConvBlockLayer.Builder()
                    .filters(4)
                    .activation(org.descry.kernel.Activation.GELU)
                    .batchNorm(true)
                    .pool(2, 2)
                    .build(),
            InputType.convolutional(6, 8, 3)),
        layer(
            "conv block that pools before it normalises",
            () ->
                new ConvBlockLayer.Builder()
                    .filters(4)
                    .kernel(2, 2)
                    .padding(0, 0)
                    .activation(org.descry.kernel.Activation.GELU)
                    .batchNorm(new BatchNorm.Rates(1e-3, 0.6))
                    .pool(2, 2)
                    .poolsEarly(true)
                    .build(),
            InputType.convolutional(7, 9, 3)),
        layer(
            "dilated conv block with stride",
            () ->
                new ConvBlockLayer.Builder()
                    .filters(4)
                    .activation(org.descry.kernel.Activation.LEAKY_RELU)
                    .dilation(2, 2)
                    .stride(2, 1)
                    .build(),
            InputType.convolutional(6, 8, 3)));
  }

  /** What residual networks are made of beside blocks. */
  @TestFactory
  Stream<DynamicContainer> residual() {
    InputType images = InputType.convolutional(5, 4, 3);
    return Stream.of(
        activation("scale", () -> new ScaleLayer.Builder().factor(0.25).build(), images),
        activation("global average", () -> new GlobalAveragePoolLayer.Builder().build(), images),
        activation(
            "identity shortcut",
            () -> new IdentityShortcutLayer.Builder().channels(5).stride(2).build(),
            images));
  }

  private static ConvReluLayer rectangular() {
    return new ConvReluLayer.Builder().filters(3).kernel(2, 4).stride(2, 1).padding(1, 2).build();
  }

  @TestFactory
  Stream<DynamicContainer> normalized() {
    return Stream.of(
        layer("batch norm", () -> new BatchNormLayer.Builder().build(), InputType.feedForward(6)),
        layer(
            "spatial batch norm",
            () -> new BatchNormLayer.Builder().build(),
            InputType.convolutional(5, 4, 3)),
        layer(
            "affine-batch norm-relu",
            () -> new AffineBatchNormReluLayer.Builder().nOut(5).build(),
            InputType.feedForward(6)),
        layer(
            "conv-batch norm-relu",
            () -> new ConvBatchNormReluLayer.Builder().filters(4).build(),
            InputType.convolutional(5, 6, 2)),
        layer(
            "conv-batch norm-relu-pool",
            () -> new ConvBatchNormReluPoolLayer.Builder().filters(4).build(),
            InputType.convolutional(6, 8, 3)));
  }

  @TestFactory
  Stream<DynamicContainer> layerNorm() {
    return Stream.of(
        layer("layer norm", () -> new LayerNormLayer.Builder().build(), InputType.feedForward(6)),
        layer(
            "layer norm of sequences",
            () -> new LayerNormLayer.Builder().build(),
            Sequences.type(5, 3)));
  }

  @TestFactory
  Stream<DynamicContainer> activations() {
    return Stream.of(
            InputType.feedForward(6), Sequences.type(5, 3), InputType.convolutional(4, 5, 2))
        .flatMap(
            type ->
                Stream.of(
                    activation("relu", () -> new ReluLayer.Builder().build(), type),
                    activation("sigmoid", () -> new SigmoidLayer.Builder().build(), type)));
  }

  /** Without parameters there is nothing to transfer. */
  private static DynamicContainer activation(
      String name, Supplier<ExplicitLayer> layer, InputType type) {
    return dynamicContainer(
        name + " on " + type,
        contract(name, layer, type)
            .checks()
            .filter(check -> !check.getDisplayName().startsWith("transfer")));
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
      String name, Supplier<ExplicitLayer> layer, InputType inputType) {
    return dynamicContainer(name, contract(name, layer, inputType).checks());
  }

  private static LayerContract contract(
      String name, Supplier<ExplicitLayer> layer, InputType inputType) {
    long[] shape = inputType.getShape(true).clone();
    shape[0] = N;
    INDArray x = new RandomArrays(name.hashCode()).normal(shape);
    return new LayerContract(layer, inputType, x);
  }

  private static DynamicContainer loss(String name, Supplier<LossLayer> layer, INDArray labels) {
    return dynamicContainer(
        name,
        new LossContract(
                layer,
                () ->
                    new DenseLayer.Builder().nOut(CLASSES).activation(Activation.IDENTITY).build(),
                InputType.feedForward(CLASSES),
                new RandomArrays(name.hashCode()).normal(N, CLASSES),
                labels,
                Nd4j.createFromArray(1.0, 0.0, 1.0, 0.0).reshape(N, 1))
            .checks());
  }
}
