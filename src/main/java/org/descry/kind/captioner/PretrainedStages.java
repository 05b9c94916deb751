package org.descry.kind.captioner;

import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.data.Fingerprint;
import org.descry.data.image.ChannelNormalizer;
import org.descry.kernel.Activation;
import org.descry.layer.Normalization;
import org.descry.model.ConvNet;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The convolutional stages of a trained classifier, to start others from. */
record PretrainedStages(Path file, ModelArchive archive) {

  /**
   * @throws DescryException if the zip is damaged, or holds no classifier
   */
  static PretrainedStages read(Path file) {
    return new PretrainedStages(file, ModelArchive.read(file, ModelKind.CLASSIFIER));
  }

  /** What the stages' images went through. */
  ChannelNormalizer normalizer() {
    return archive.manifest().normalizer();
  }

  /**
   * Copies the parameters of the first {@code stages} stages.
   *
   * @throws DescryException if the classifier has fewer, or of other sizes
   */
  void copyTo(ComputationGraph network, int stages) {
    for (int i = 0; i < stages; i++) {
      int stage = i;
      if (!archive.network().getConfiguration().getVertices().containsKey(ConvNet.stageName(i))) {
        throw new UsageException(
            "model.initFrom: %s has %s convolutional stages; expected at least the %s of model.stages."
                .formatted(file, i, stages));
      }
      Layer from = archive.network().getLayer(ConvNet.stageName(i));
      Layer to = network.getLayer(ConvNet.stageName(i));
      requireNormAlike(from, to, stage);
      requireActivationAlike(network, stage);
      to.paramTable().forEach((name, values) -> copy(from.getParam(name), values, stage));
    }
  }

  /** Weights that were learnt beside a batch norm mean nothing without it. */
  private void requireNormAlike(Layer from, Layer to, int stage) {
    boolean normalizes = to.getParam(Normalization.GAMMA) != null;
    if (normalizes != (from.getParam(Normalization.GAMMA) != null)) {
      throw new UsageException(
          "model.initFrom: stage %s of %s is %s batch normalization; expected the same as model.batchNorm = %s."
              .formatted(stage + 1, file, normalizes ? "without" : "with", normalizes));
    }
  }

  private void requireActivationAlike(ComputationGraph network, int stage) {
    Activation learnt = ConvNet.activation(archive.network(), stage);
    Activation wanted = ConvNet.activation(network, stage);
    if (learnt != wanted) {
      throw new UsageException(
          "model.initFrom: stage %s of %s has the activation %s; expected %s, which the stages of a captioner have."
              .formatted(stage + 1, file, learnt, wanted));
    }
  }

  /** A fingerprint of those parameters and of the normaliser, equal wherever the zip lies. */
  String fingerprint(int stages) {
    Fingerprint fingerprint = new Fingerprint().add(normalizer().toString());
    for (int i = 0; i < stages; i++) {
      archive
          .network()
          .getLayer(ConvNet.stageName(i))
          .paramTable()
          .forEach((name, values) -> fingerprint.add(name).add(values.dup('c').data().asFloat()));
    }
    return fingerprint.hex();
  }

  private void copy(INDArray from, INDArray to, int stage) {
    if (!Arrays.equals(from.shape(), to.shape())) {
      throw new UsageException(
          "model.initFrom: stage %s of %s has weights of %s; expected those of model.stages[%s]: %s."
              .formatted(
                  stage + 1,
                  file,
                  Arrays.toString(from.shape()),
                  stage,
                  Arrays.toString(to.shape())));
    }
    to.assign(from);
  }
}
