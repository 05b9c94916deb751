package org.descry.model;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanIn;
import org.descry.kernel.Activation;
import org.descry.kernel.BatchNorm;
import org.descry.kernel.RnnCell;
import org.descry.layer.AffineLayer;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.Sequences;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.layer.WordEmbeddingLayer;

/**
 * A captioner: the image's features become the initial state of a recurrent network that predicts
 * each word from the words before it. Features N x D, or images N x C x H x W through convolution
 * stages trained along; then affine to h0 (of an LSTM to h0 and c0), word embedding, RNN, temporal
 * affine, temporal softmax loss.
 *
 * @param features D, the width of ready-made features; 0 where images come in
 * @param images the image network below; null where features come in
 * @param vocabulary V, the number of words with the special ones
 * @param embedding the width of a word's vector
 * @param hidden H, the width of the state
 * @param layers of the recurrent network
 * @param cell what the recurrent network is made of
 * @param steps T, the number of words a caption is cut or padded to
 */
public record CaptioningRnn(
    int features,
    Images images,
    int vocabulary,
    int embedding,
    int hidden,
    int layers,
    RnnCell cell,
    int steps)
    implements NetworkModel {
  /** The name of the images' or features' input. */
  public static final String IMAGE = "image";

  /** The name of the words' input, N x T. */
  public static final String WORDS = "words";

  /** The name of the output layer, N x T x V. */
  public static final String OUTPUT = "loss";

  /** The affine layer from the image to the initial state, N x (L S H). */
  public static final String PROJECTION = "projection";

  /** The word vectors. */
  public static final String EMBEDDING = "embedding";

  /** The recurrent network. */
  public static final String RNN = "rnn";

  /** The affine layer from the state to the words' scores. */
  public static final String SCORES = "scores";

  /**
   * Images of C x H x W through stages of convolution.
   *
   * @param batchNorm whether the stages normalise over the batch
   * @param frozen whether the stages keep their parameters
   */
  public record Images(
      int channels,
      int height,
      int width,
      List<ConvNet.Stage> stages,
      boolean batchNorm,
      boolean frozen) {
    public Images {
      Settings.atLeastOne("channels", channels);
      Settings.atLeastOne("height", height);
      Settings.atLeastOne("width", width);
      stages = List.copyOf(stages);
      Settings.atLeastOne("the number of stages", stages.size());
    }

    /** As {@link Classifier#needsSeveral}; frozen stages keep their running averages. */
    public boolean needsSeveral() {
      return batchNorm && !frozen && ConvNet.shrinkToOnePixel(stages, height, width);
    }
  }

  public CaptioningRnn {
    if (images == null) {
      Settings.atLeastOne("features", features);
    }
    Settings.atLeastOne("vocabulary", vocabulary);
    Settings.atLeastOne("embedding", embedding);
    Settings.atLeastOne("hidden", hidden);
    Settings.atLeastOne("layers", layers);
    Settings.atLeastOne("steps", steps);
    Settings.stateWidth((long) layers * cell.states() * hidden);
  }

  @Override
  public InputType[] inputTypes() {
    InputType image =
        images == null
            ? InputType.feedForward(features)
            : InputType.convolutional(images.height, images.width, images.channels);
    return new InputType[] {image, Sequences.words(steps)};
  }

  /** The network as DL4J knows it, its inputs in the order {@link #IMAGE}, {@link #WORDS}. */
  @Override
  public ComputationGraphConfiguration configuration(NetworkSettings solver) {
    GraphBuilder graph = solver.graph().addInputs(IMAGE, WORDS).setInputTypes(inputTypes());
    String seen = IMAGE;
    if (images != null) {
      seen =
          ConvNet.addStages(
              graph,
              IMAGE,
              images.stages,
              new ConvNet.Look(
                  0, null, images.batchNorm ? BatchNorm.Rates.USUAL : null, Activation.RELU),
              images.frozen);
    }
    int stateWidth = layers * cell.states() * hidden;
    RnnVertex rnn = new RnnVertex(cell, embedding, hidden, layers, false, true, 0);
    boolean learnsToSee = images != null && !images.frozen;
    return graph
        .addLayer(
            PROJECTION,
            new AffineLayer.Builder()
                .nOut(stateWidth)
                // Small, so that the first states do not saturate the cells.
                .weightInit(ExplicitLayer.WEIGHTS, new WeightInitVarScalingNormalFanIn(0.25))
                .inputGradient(learnsToSee)
                .build(),
            seen)
        .addLayer(
            EMBEDDING,
            new WordEmbeddingLayer.Builder()
                .vocabulary(vocabulary)
                .width(embedding)
                .weightScale(0.2)
                .build(),
            WORDS)
        .addVertex(
            RNN,
            // Through a state that fades, stages that learn along would hardly hear of their
            // faults.
            learnsToSee && cell == RnnCell.VANILLA ? rnn.startingNearIdentity() : rnn,
            EMBEDDING,
            PROJECTION)
        .addLayer(
            SCORES,
            new TemporalAffineLayer.Builder()
                .nOut(vocabulary)
                .weightScale(1 / Math.sqrt(hidden))
                .build(),
            RNN)
        .addLayer(OUTPUT, new TemporalSoftmaxLossLayer(), SCORES)
        .setOutputs(OUTPUT)
        .build();
  }
}
