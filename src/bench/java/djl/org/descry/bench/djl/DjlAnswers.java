package org.descry.bench.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;
import org.descry.bench.ConvSpec;

/**
 * The answers of DJL's PyTorch to images for one thread of a server: N x 3 x 32 x 32 pixels from 0
 * to 255 in, N x 10 probabilities out. The layers are those of the classifier of shapes, the
 * weights random: only the time is compared.
 */
public final class DjlAnswers implements Function<FloatBuffer, float[]> {
  private static final ConvSpec SHAPES =
      new ConvSpec(
          3,
          32,
          32,
          10,
          List.of(
              new ConvSpec.Stage(32, 3, true, 0),
              new ConvSpec.Stage(64, 3, true, 0),
              new ConvSpec.Stage(64, 3, true, 0)),
          List.of(128),
          false);

  private final NDManager manager;
  private final Block block = DjlPeer.block(SHAPES);
  private final ParameterStore parameters;

  /**
   * @param threads of the library
   */
  public DjlAnswers(int threads) {
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    manager = NDManager.newBaseManager();
    parameters = new ParameterStore(manager, false);
    block.initialize(manager, DataType.FLOAT32, shape(1));
    block.freezeParameters(true);
  }

  private static Shape shape(int rows) {
    return new Shape(rows, SHAPES.channels(), SHAPES.height(), SHAPES.width());
  }

  @Override
  public float[] apply(FloatBuffer pixels) {
    int rows = pixels.remaining() / (int) shape(1).size();
    try (NDManager scope = manager.newSubManager()) {
      NDArray images = scope.create(pixels, shape(rows)).sub(127.5f).div(64);
      return block.forward(parameters, new NDList(images), false).head().softmax(1).toFloatArray();
    }
  }
}
