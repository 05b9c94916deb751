package org.descry.kind.classifier;

import java.util.function.Function;
import org.descry.data.image.ImageSet;
import org.descry.job.Cases;
import org.descry.job.ClassifierSettings;
import org.descry.job.ImageDataSettings;
import org.descry.job.Job;
import org.descry.kernel.Activation;
import org.descry.kernel.BatchNorm;
import org.descry.kind.NetworkParts;
import org.descry.model.Classifier;
import org.descry.model.ConvNet;
import org.descry.model.FastNet;
import org.descry.model.Loss;
import org.descry.model.ResNet;
import org.descry.model.ThreeLayerConvNet;
import org.descry.model.WeightRule;
import org.descry.train.Networks;

/** Makes of a job's settings its network. */
final class ClassifierNetwork {
  /** What a network is to tell apart. */
  private record Images(int channels, int height, int width, int classes) {}

  private static final Cases<ClassifierSettings, Function<Images, Classifier>> NETWORKS =
      Cases.<ClassifierSettings, Function<Images, Classifier>>of(ClassifierSettings.class)
          .when(ClassifierSettings.ThreeLayer.class, net -> images -> threeLayer(net, images))
          .when(ClassifierSettings.Conv.class, net -> images -> conv(net, images))
          .when(ClassifierSettings.Residual.class, net -> images -> residual(net, images))
          .when(ClassifierSettings.Fast.class, net -> images -> fast(net, images))
          .exhaustive();

  private ClassifierNetwork() {}

  /** The classifier that the job describes, for images and classes as in {@code images}. */
  static Classifier of(ClassifierSettings model, ImageSet images) {
    return of(model, images.channels(), images.height(), images.width(), images.classes());
  }

  static Classifier of(ClassifierSettings model, int channels, int height, int width, int classes) {
    return NETWORKS.of(model).apply(new Images(channels, height, width, classes));
  }

  private static Classifier threeLayer(ClassifierSettings.ThreeLayer net, Images of) {
    return new ThreeLayerConvNet(
        of.channels,
        of.height,
        of.width,
        of.classes,
        net.filters(),
        net.filterSize(),
        net.hidden(),
        net.weightScale(),
        loss(net));
  }

  private static Classifier conv(ClassifierSettings.Conv net, Images of) {
    return new ConvNet(
        of.channels,
        of.height,
        of.width,
        of.classes,
        NetworkParts.stages(net.stages()),
        net.hidden(),
        net.weightInit() == null ? net.weightScale() : 0,
        loss(net),
        net.batchNorm(),
        net.dropout(),
        Activation.valueOf(net.activation().name()),
        new BatchNorm.Rates(net.batchNormEpsilon(), net.batchNormMomentum()),
        net.weightInit() == null
            ? null
            : WeightRule.valueOf(net.weightInit().name()).init(net.weightScale()));
  }

  private static Classifier residual(ClassifierSettings.Residual net, Images of) {
    return new ResNet(
        of.channels,
        of.height,
        of.width,
        of.classes,
        net.depth(),
        net.firstFilters(),
        ResNet.Shortcut.valueOf(net.shortcuts().name()),
        net.logitScale(),
        loss(net),
        new BatchNorm.Rates(net.batchNormEpsilon(), net.batchNormMomentum()));
  }

  private static Classifier fast(ClassifierSettings.Fast net, Images of) {
    return new FastNet(
        of.channels,
        of.height,
        of.width,
        of.classes,
        net.widths(),
        net.logitScale(),
        loss(net),
        new BatchNorm.Rates(net.batchNormEpsilon(), net.batchNormMomentum()));
  }

  /**
   * Finds out before the data are read whether the network can be too large only.
   *
   * @throws org.descry.MemoryException if not even one image of two classes can be trained on
   */
  static void requireMemory(Job job) {
    ImageDataSettings size = (ImageDataSettings) job.data();
    try {
      Classifier smallest = of((ClassifierSettings) job.model(), 1, size.height(), size.width(), 2);
      Networks.requireMemory(job, smallest, 1);
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
