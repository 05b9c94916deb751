package org.descry.layer;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.descry.kernel.BatchNorm;
import org.descry.kernel.Window;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch normalisation as part of the map before it: by its running averages it does nothing but
 * scale and shift what the map makes.
 */
public final class FoldedNorm {
  private FoldedNorm() {}

  /**
   * Whether a batch normalisation follows the layer's own map at once: of maxima between them a
   * scale below 0 would make minima.
   */
  public static boolean foldable(Layer layer) {
    return layer instanceof AbstractBlockLayer block
        && block.normalizes()
        && !(block instanceof AbstractConvLayer conv && conv.poolsEarly());
  }

  /** A layer of the same shapes without the normalisation of one that is {@link #foldable}. */
  public static ExplicitLayer layer(Layer layer) {
    if (layer instanceof AbstractAffineLayer affine) {
      return new AffineBlockLayer.Builder()
          .nIn(affine.nIn())
          .nOut(affine.nOut())
          .activation(affine.activation())
          .build();
    }
    AbstractConvLayer conv = (AbstractConvLayer) layer;
    ConvBlockLayer.Builder builder =
        new ConvBlockLayer.Builder()
            .channels(conv.channels())
            .filters(conv.filters())
            .window(conv.window())
            .activation(conv.activation());
    Window pool = conv.poolWindow();
    if (pool != null) {
      builder.pool(pool.height(), pool.width()).poolStride(pool.strideHeight(), pool.strideWidth());
    }
    return builder.build();
  }

  /**
   * The parameters of {@link #layer} that make it answer as the normalising one does.
   *
   * @param layer the normalising one
   * @param params its parameters, which are only read
   * @return float64
   */
  public static Map<String, INDArray> parameters(Layer layer, Map<String, INDArray> params) {
    BatchNorm.Rates rates = ((AbstractBlockLayer) layer).rates();
    INDArray deviation =
        Transforms.sqrt(exact(params, Normalization.RUNNING_VARIANCE).addi(rates.epsilon()));
    INDArray scale = exact(params, Normalization.GAMMA).divi(deviation);
    INDArray weights = exact(params, ExplicitLayer.WEIGHTS);
    INDArray bias =
        exact(params, ExplicitLayer.BIAS)
            .subi(exact(params, Normalization.RUNNING_MEAN))
            .muli(scale)
            .addi(exact(params, Normalization.BETA));
    long[] shape = new long[weights.rank()];
    Arrays.fill(shape, 1);
    shape[weights.rank() == 4 ? 0 : 1] = scale.length(); // filters come first, columns last
    return Map.of(
        ExplicitLayer.WEIGHTS, weights.muli(scale.reshape(shape)), ExplicitLayer.BIAS, bias);
  }

  private static INDArray exact(Map<String, INDArray> params, String name) {
    INDArray values = params.get(name).castTo(DataType.DOUBLE).dup();
    return name.equals(ExplicitLayer.WEIGHTS) ? values : values.reshape(values.length());
  }
}
