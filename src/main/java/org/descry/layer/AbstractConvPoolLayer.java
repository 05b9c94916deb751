package org.descry.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.descry.kernel.Window;

/** What the convolutional layers that end, or may end, in a max pooling share. */
public abstract class AbstractConvPoolLayer extends AbstractConvLayer {
  private int[] pool;
  private int[] poolStride;

  AbstractConvPoolLayer() {}

  AbstractConvPoolLayer(Builder<?> builder) {
    super(builder);
    pool = builder.pool;
    poolStride = builder.poolStride == null ? pool : builder.poolStride;
    poolWindow();
  }

  /** The pooling's window, or null for none. */
  @Override
  public final Window poolWindow() {
    return pool == null ? null : new Window(pool[0], pool[1], poolStride[0], poolStride[1], 0, 0);
  }

  @Override
  protected List<?> settings() {
    List<Object> settings = new ArrayList<>(super.settings());
    settings.add(Arrays.toString(pool));
    settings.add(Arrays.toString(poolStride));
    return settings;
  }

  /** Settings of the convolutional layers with a pooling. */
  public abstract static class Builder<T extends Builder<T>> extends AbstractConvLayer.Builder<T> {
    private int[] pool = {2, 2};
    private int[] poolStride;

    /** Leaves the pooling out unless {@link #pool} asks for one. */
    final void withoutPool() {
      pool = null;
    }

    /** The pooling window's height and width; 2 x 2 by default. */
    public T pool(int height, int width) {
      pool = new int[] {height, width};
      return self();
    }

    /** The pooling strides; the window's size by default. */
    public T poolStride(int height, int width) {
      poolStride = new int[] {height, width};
      return self();
    }
  }
}
