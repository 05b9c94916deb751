package org.descry.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.ConvReluPoolLayer;

/**
 * conv - relu - 2x2 max pool - affine - relu - affine - loss.
 *
 * @param filters the number of filters
 * @param filterSize the filters' height and width, odd; padding keeps the image's size
 * @param hidden the width of the hidden affine layer
 * @param weightScale the standard deviation of the initial weights, or 0 for He's (2015) of each
 *     layer
 */
public record ThreeLayerConvNet(
    int channels,
    int height,
    int width,
    int classes,
    int filters,
    int filterSize,
    int hidden,
    double weightScale,
    Loss loss)
    implements Classifier {
  public ThreeLayerConvNet {
    Settings.sizes(channels, height, width, classes);
    Settings.atLeastOne("filters", filters);
    Settings.odd("filterSize", filterSize);
    Settings.atLeastOne("hidden", hidden);
    Settings.atLeastZero("weightScale", weightScale);
  }

  @Override
  public ComputationGraphConfiguration configuration(NetworkSettings solver) {
    var conv =
        new ConvReluPoolLayer.Builder()
            .filters(filters)
            .kernel(filterSize, filterSize)
            .inputGradient(false);
    var hiddenLayer = new AffineReluLayer.Builder().nOut(hidden);
    var scores = new AffineLayer.Builder().nOut(classes);
    if (weightScale > 0) {
      conv.weightScale(weightScale);
      hiddenLayer.weightScale(weightScale);
      scores.weightScale(weightScale);
    }
    return solver
        .graph()
        .addInputs(INPUT)
        .setInputTypes(inputTypes())
        .addLayer("conv", conv.build(), INPUT)
        .addLayer("hidden", hiddenLayer.build(), "conv")
        .addLayer("scores", scores.build(), "hidden")
        .addLayer(OUTPUT, loss.layer(), "scores")
        .setOutputs(OUTPUT)
        .build();
  }
}
