package org.descry.kind.classifier;

import org.descry.data.image.ImageSet;
import org.descry.job.ClassifierSettings;
import org.descry.kind.NetworkParts;
import org.descry.model.Classifier;
import org.descry.model.ConvNet;
import org.descry.model.Loss;
import org.descry.model.ThreeLayerConvNet;

/** Makes of a job's settings its network. */
final class ClassifierNetwork {
  private ClassifierNetwork() {}

  /** The classifier that the job describes, for pictures and classes as in {@code images}. */
  static Classifier of(ClassifierSettings model, ImageSet images) {
    if (model instanceof ClassifierSettings.ThreeLayer net) {
      return new ThreeLayerConvNet(
          images.channels(),
          images.height(),
          images.width(),
          images.classes(),
          net.filters(),
          net.filterSize(),
          net.hidden(),
          net.weightScale(),
          loss(net));
    }
    ClassifierSettings.Conv net = (ClassifierSettings.Conv) model;
    return new ConvNet(
        images.channels(),
        images.height(),
        images.width(),
        images.classes(),
        NetworkParts.stages(net.stages()),
        net.hidden(),
        net.weightScale(),
        loss(net),
        net.batchNorm(),
        net.dropout());
  }

  private static Loss loss(ClassifierSettings model) {
    return switch (model.loss()) {
      case SOFTMAX -> Loss.SOFTMAX;
      case SVM -> Loss.SVM;
    };
  }
}
