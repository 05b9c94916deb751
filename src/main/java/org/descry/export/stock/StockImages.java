package org.descry.export.stock;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.archive.Manifest;
import org.descry.model.NetworkModel;

/** Images as the stock networks take them: bytes, which their first layer normalises. */
public final class StockImages {
  /** What the images' values are, for the model card. */
  public static final String PIXELS = "values 0 to 255; the network normalises them";

  private static final String NORMALIZER = "normalizer";

  private StockImages() {}

  /** Adds the input and its normalisation, and returns the name of what is normalised. */
  public static String input(StockGraph graph, Manifest manifest) {
    Manifest.ImageShape shape = manifest.image();
    String bytes =
        graph.input(
            NetworkModel.IMAGE,
            InputType.convolutional(shape.height(), shape.width(), shape.channels()));
    return NormalizationConverters.pixels(graph, NORMALIZER, manifest.normalizer(), bytes);
  }
}
