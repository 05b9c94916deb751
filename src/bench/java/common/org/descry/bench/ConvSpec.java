package org.descry.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * A convolutional classifier: stages of conv-relu[-pool], hidden affine-relu layers, an affine
 * layer to the class scores and a softmax loss. Convolutions have stride 1 and keep height and
 * width; pools are 2x2 with stride 2.
 *
 * @param batchNorm whether each convolution and hidden layer is normalised before its relu
 */
public record ConvSpec(
    int channels,
    int height,
    int width,
    int classes,
    List<Stage> stages,
    List<Integer> hidden,
    boolean batchNorm) {

  /**
   * One convolution of {@code filters} square filters, its relu and, if asked for, its pool; then
   * residual blocks, each of which adds to its input what two more convolutions make of it.
   */
  public record Stage(int filters, int filterSize, boolean pool, int blocks) {
    Stage(int filters, int filterSize, boolean pool) {
      this(filters, filterSize, pool, 0);
    }

    public int padding() {
      return (filterSize - 1) / 2;
    }
  }

  public static final double L2 = 1e-3;

  /** The ThreeLayerConvNet on CIFAR-10 images. */
  public static final ConvSpec THREE_LAYER =
      new ConvSpec(3, 32, 32, 10, List.of(new Stage(32, 7, true)), List.of(100), false);

  /** A network of four convolutions on CIFAR-10 images. */
  public static final ConvSpec FOUR_STAGE =
      new ConvSpec(
          3,
          32,
          32,
          10,
          List.of(
              new Stage(32, 3, false),
              new Stage(32, 3, true),
              new Stage(64, 3, false),
              new Stage(64, 3, true)),
          List.of(128),
          false);

  /** The same with batch normalisation. */
  public static final ConvSpec BATCH_NORM =
      new ConvSpec(3, 32, 32, 10, FOUR_STAGE.stages, FOUR_STAGE.hidden, true);

  /** A residual network of 19 convolutions with batch normalisation on CIFAR-10 images. */
  public static final ConvSpec RESIDUAL =
      new ConvSpec(
          3,
          32,
          32,
          10,
          List.of(new Stage(16, 3, false, 2), new Stage(32, 3, true, 3), new Stage(64, 3, true, 3)),
          List.of(),
          true);

  /** Three convolutions on images of any size. */
  static ConvSpec ofSide(int side) {
    List<Stage> stages =
        List.of(new Stage(32, 3, true), new Stage(32, 3, true), new Stage(32, 3, true));
    return new ConvSpec(3, side, side, 10, stages, List.of(), false);
  }

  /** Whether it has residual blocks. */
  public boolean isResidual() {
    return stages.stream().anyMatch(stage -> stage.blocks > 0);
  }

  /** Number of values that the last stage hands to the first affine layer, for one image. */
  public int flattened() {
    int side = 1;
    for (Stage stage : stages) {
      side *= stage.pool ? 2 : 1;
    }
    return (height / side) * (width / side) * stages.get(stages.size() - 1).filters;
  }

  /** Widths of the affine layers' outputs: the hidden layers', then the number of classes. */
  public List<Integer> affineWidths() {
    return Stream.concat(hidden.stream(), Stream.of(classes)).toList();
  }

  /** Floating-point operations of the forward pass over {@code batch} images: products alone. */
  public double forwardFlops(int batch) {
    return 2.0 * batch * (convolutionProducts(0) + affineProducts());
  }

  /**
   * Floating-point operations of a training step: forward, weight gradients, and input gradients
   * except that of the images, which no one needs.
   */
  public double stepFlops(int batch) {
    return 2.0
        * batch
        * (2 * convolutionProducts(0) + convolutionProducts(1) + 3 * affineProducts());
  }

  private double convolutionProducts(int from) {
    double products = 0;
    double pixels = (double) height * width;
    int in = channels;
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      if (i >= from) {
        products += pixels * in * stage.filterSize * stage.filterSize * stage.filters;
      }
      in = stage.filters;
      pixels /= stage.pool ? 4 : 1;
      products += 2.0 * stage.blocks * pixels * in * in * stage.filterSize * stage.filterSize;
    }
    return products;
  }

  private double affineProducts() {
    double products = 0;
    int in = flattened();
    for (int out : affineWidths()) {
      products += (double) in * out;
      in = out;
    }
    return products;
  }
}
