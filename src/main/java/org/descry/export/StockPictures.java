package org.descry.export;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.model.Classifier;
import org.descry.train.Manifest;

/** Pictures as the stock networks take them: bytes, which their first layer normalises. */
final class StockPictures {
  private static final String NORMALIZER = "normalizer";

  private StockPictures() {}

  /** Adds the input and its normalisation, and returns the name of what is normalised. */
  static String input(StockGraph graph, Manifest manifest) {
    Manifest.ImageShape shape = manifest.image();
    String bytes =
        graph.input(
            Classifier.INPUT,
            InputType.convolutional(shape.height(), shape.width(), shape.channels()));
    return NormalizationTwins.pixels(graph, NORMALIZER, manifest.normalizer(), bytes);
  }

  static String usage(Manifest.ImageShape shape) {
    return "pictures, float32 N x %d x %d x %d, %s values from 0 to 255 as they are: the first layer, `%s`, normalises them."
        .formatted(
            shape.channels(),
            shape.height(),
            shape.width(),
            shape.channels() == 3 ? "red, green, blue," : "grey",
            NORMALIZER);
  }
}
