package org.descry.model;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.SvmLossLayer;

/** What a classifier minimises. */
public enum Loss {
  /** Softmax and cross-entropy; the network answers probabilities. */
  SOFTMAX,
  /** The multiclass hinge loss; the network answers scores. */
  SVM;

  Layer layer() {
    return switch (this) {
      case SOFTMAX -> new SoftmaxLossLayer();
      case SVM -> new SvmLossLayer();
    };
  }
}
