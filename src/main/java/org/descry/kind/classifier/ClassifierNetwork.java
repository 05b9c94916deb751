package org.descry.kind.classifier;

import org.descry.data.image.ImageSet;
import org.descry.job.ClassifierSettings;
import org.descry.job.ImageDataSettings;
import org.descry.job.Job;
import org.descry.kernel.Activation;
import org.descry.kind.NetworkParts;
import org.descry.model.Classifier;
import org.descry.model.ConvNet;
import org.descry.model.Loss;
import org.descry.model.NetworkMemory;
import org.descry.model.ThreeLayerConvNet;
import org.descry.train.Networks;

/** Makes of a job's settings its network. */
final class ClassifierNetwork {
  private ClassifierNetwork() {}

  /** The classifier that the job describes, for images and classes as in {@code images}. */
  static Classifier of(ClassifierSettings model, ImageSet images) {
    return of(model, images.channels(), images.height(), images.width(), images.classes());
  }

  static Classifier of(ClassifierSettings model, int channels, int height, int width, int classes) {
    if (model instanceof ClassifierSettings.ThreeLayer net) {
      return new ThreeLayerConvNet(
          channels,
          height,
          width,
          classes,
          net.filters(),
          net.filterSize(),
          net.hidden(),
          net.weightScale(),
          loss(net));
    }
    ClassifierSettings.Conv net = (ClassifierSettings.Conv) model;
    return new ConvNet(
        channels,
        height,
        width,
        classes,
        NetworkParts.stages(net.stages()),
        net.hidden(),
        net.weightScale(),
        loss(net),
        net.batchNorm(),
        net.dropout(),
        Activation.valueOf(net.activation().name()));
  }

  /**
   * Finds out before the data are read whether the network can be too large only.
   *
   * @throws org.descry.MemoryException if not even one image of two classes can be trained on
   */
  static void requireMemory(Job job) {
    ImageSource.Size size = ImageSource.size((ImageDataSettings) job.data());
    try {
      Classifier smallest = of((ClassifierSettings) job.model(), 1, size.height(), size.width(), 2);
      NetworkMemory.require(
          smallest.configuration(Networks.solver(job, 1)), 1, smallest.inputTypes());
    } catch (IllegalArgumentException e) {
      // It does not fit the images, which is said when they are there.
    }
  }

  private static Loss loss(ClassifierSettings model) {
    return switch (model.loss()) {
      case SOFTMAX -> Loss.SOFTMAX;
      case SVM -> Loss.SVM;
    };
  }
}
