package org.descry.kind.classifier;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * PyTorch by DJL, with the layers of {@code models/shapes-classifier.zip} and weights of its own.
 * Its class and libraries are those of the benchmarks, and may not be there.
 */
public final class DjlModel extends PeerModel {
  private static final String ANSWERS = "org.descry.bench.djl.DjlAnswers";

  private final int threads;

  /**
   * @param threads of each worker
   */
  public DjlModel(Path file, int threads) {
    super(file);
    this.threads = threads;
  }

  @Override
  @SuppressWarnings("unchecked")
  protected Network peer() {
    try {
      Function<FloatBuffer, float[]> answers =
          (Function<FloatBuffer, float[]>)
              Class.forName(ANSWERS).getConstructor(int.class).newInstance(threads);
      return (pixels, rows) -> answers.apply(pixels);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
