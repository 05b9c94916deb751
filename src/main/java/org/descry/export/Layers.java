package org.descry.export;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;

/** Looks into layers' configurations. */
final class Layers {
  private Layers() {}

  /** The layer itself, or the one that does not learn within a {@link FrozenLayer}. */
  static Layer unwrapped(Layer layer) {
    return layer instanceof FrozenLayer frozen ? frozen.getLayer() : layer;
  }
}
