package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation by the statistics of the batch, which it gives too: of x, gamma and beta it
 * makes mean, variance and the result. Images are N x C x H x W over channels-last memory, rows N x
 * C.
 */
final class BatchNormalization extends FastOp {
  private static final int MEAN = 49;
  private static final int VARIANCE = 50;
  private static final int SCALE = 51;
  private static final int SHIFT = 52;
  private static final int SCALE_GRADIENT = 255;
  private static final int SHIFT_GRADIENT = 256;
  private static final int SCALES_AND_SHIFTS = 2 | 4;
  private static final int BACKWARD = 128;

  private final float epsilon;

  BatchNormalization(double epsilon) {
    this.epsilon = (float) epsilon;
  }

  @Override
  Primitive make(INDArray[] arrays, Descs descs) {
    long images = images(arrays[0], descs);
    if (!Memories.alike(arrays[0], arrays[5])) {
      throw DnnException.unsupported();
    }
    long row = descs.rowMajor(arrays[1].length());
    return descs.call(
        forward(images, epsilon, descs),
        new int[] {Primitive.SOURCE, SCALE, SHIFT, MEAN, VARIANCE, Primitive.OUT},
        images,
        row,
        row,
        row,
        row,
        images);
  }

  private static long forward(long images, float epsilon, Descs descs) {
    return descs.primitive(
        handle ->
            Library.dnnl_batch_normalization_forward_primitive_desc_create(
                handle,
                Library.ENGINE,
                Primitive.TRAINING,
                images,
                images,
                epsilon,
                SCALES_AND_SHIFTS,
                0));
  }

  private static long images(INDArray array, Descs descs) {
    if (array.rank() == 2 && Memories.rowMajor(array)) {
      return descs.channelsLast(array.size(0), array.size(1), 1, 1);
    }
    if (array.rank() == 4 && Memories.channelsLast(array)) {
      return Convolution.images(array, descs);
    }
    throw DnnException.unsupported();
  }

  /** Of x, mean, variance, gamma and the result's gradient: those of gamma, beta and x. */
  static final class Gradient extends FastOp {
    private final float epsilon;

    Gradient(double epsilon) {
      this.epsilon = (float) epsilon;
    }

    @Override
    Primitive make(INDArray[] arrays, Descs descs) {
      long images = images(arrays[0], descs);
      if (!Memories.alike(arrays[0], arrays[4]) || !Memories.alike(arrays[0], arrays[7])) {
        throw DnnException.unsupported();
      }
      long row = descs.rowMajor(arrays[1].length());
      long hint = forward(images, epsilon, descs);
      long desc =
          descs.primitive(
              handle ->
                  Library.dnnl_batch_normalization_backward_primitive_desc_create(
                      handle,
                      Library.ENGINE,
                      BACKWARD,
                      images,
                      images,
                      images,
                      epsilon,
                      SCALES_AND_SHIFTS,
                      hint,
                      0));
      return descs.call(
          desc,
          new int[] {
            Primitive.SOURCE,
            MEAN,
            VARIANCE,
            SCALE,
            Primitive.OUT_GRADIENT,
            SCALE_GRADIENT,
            SHIFT_GRADIENT,
            Primitive.SOURCE_GRADIENT
          },
          images,
          row,
          row,
          row,
          images,
          row,
          row,
          images);
    }
  }
}
