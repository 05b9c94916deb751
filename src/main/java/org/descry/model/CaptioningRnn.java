package org.descry.model;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanIn;
import org.descry.kernel.Activation;
import org.descry.kernel.BatchNorm;
import org.descry.kernel.RnnCell;
import org.descry.layer.AbstractRnnVertex;
import org.descry.layer.AffineLayer;
import org.descry.layer.AttentionRnnVertex;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.GlobalAveragePoolLayer;
import org.descry.layer.PlacesLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.ScaleLayer;
import org.descry.layer.Sequences;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.TemporalBiasLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.layer.TiedRnnVertex;
import org.descry.layer.WordEmbeddingLayer;

/**
 * A captioner: the image's features become the initial state of a recurrent network that predicts
 * each word from the words before it. Features N x D, or images N x C x H x W through convolution
 * stages trained along; then affine to h0 (of an LSTM to h0 and c0), word embedding, RNN, temporal
 * affine, temporal softmax loss. With attention the first recurrent layer looks at the last stage's
 * grid before each word.
 *
 * @param features D, the width of ready-made features; 0 where images come in
 * @param images the image network below; null where features come in
 * @param vocabulary V, the number of words with the special ones
 * @param embedding the width of a word's vector
 * @param hidden H, the width of the state
 * @param layers of the recurrent network
 * @param cell what the recurrent network is made of
 * @param steps T, the number of words a caption is cut or padded to
 * @param extras what else it has
 */
public record CaptioningRnn(
    int features,
    Images images,
    int vocabulary,
    int embedding,
    int hidden,
    int layers,
    RnnCell cell,
    int steps,
    Extras extras)
    implements NetworkModel {
  /** The affine layer from the image to the initial state, N x (L S H). */
  public static final String PROJECTION = "projection";

  /** The mean over the grid's places, from which attention's initial state is made. */
  public static final String MEAN = "mean";

  /** What a blind captioner has in place of the image: zeros. */
  public static final String NOTHING = "nothing";

  /** The grid's places one behind another, where there is attention. */
  public static final String PLACES = "places";

  /** The initial state and the places, which the attention's recurrent network starts from. */
  public static final String SCENE = "scene";

  /**
   * Images of C x H x W through stages of convolution.
   *
   * @param stages none for a blind captioner
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
    }

    /** As {@link Classifier#needsSeveral}; frozen stages keep their running averages. */
    public boolean needsSeveral() {
      return batchNorm && !frozen && ConvNet.shrinkToOnePixel(stages, height, width);
    }
  }

  /**
   * What a captioner may have beside the usual.
   *
   * @param attention how it looks at the grid; null for not at all
   * @param embeddingDropout the probability to drop an element of a word's vector
   * @param outputDropout the probability to drop an element of what the scores are made of
   * @param tied whether the scores are products with the words' vectors, which are then H wide and
   *     one vertex with the recurrent network, as in {@link LanguageRnn}
   * @param blind whether nothing of the image is let through: what remains is a model of captions
   */
  public record Extras(
      Attention attention,
      double embeddingDropout,
      double outputDropout,
      boolean tied,
      boolean blind) {
    /** Nothing. */
    public static final Extras NONE = new Extras(null, 0, 0, false, false);

    public Extras {
      Settings.probability("embeddingDropout", embeddingDropout);
      Settings.probability("outputDropout", outputDropout);
      if (tied && (attention != null || embeddingDropout > 0 || outputDropout > 0)) {
        throw new IllegalArgumentException(
            "expected neither attention nor dropout where weights are tied");
      }
      if (blind && attention != null) {
        throw new IllegalArgumentException("expected no attention where nothing is seen");
      }
    }
  }

  /**
   * Soft attention, see {@link org.descry.kernel.SoftAttention}.
   *
   * @param width of the layer in which states and places are compared
   * @param penalty of the places' weights; 0 for none
   */
  public record Attention(int width, double penalty) {}

  /** With nothing extra. */
  public CaptioningRnn(
      int features,
      Images images,
      int vocabulary,
      int embedding,
      int hidden,
      int layers,
      RnnCell cell,
      int steps) {
    this(features, images, vocabulary, embedding, hidden, layers, cell, steps, Extras.NONE);
  }

  public CaptioningRnn {
    if (images == null) {
      Settings.atLeastOne("features", features);
      if (extras.attention != null) {
        throw new IllegalArgumentException(
            "expected images for attention, since ready-made features have no grid to look at");
      }
    } else if (images.stages.isEmpty() != extras.blind) {
      throw new IllegalArgumentException(
          "expected stages for images, and none where nothing is seen, got %s of them"
              .formatted(images.stages.size()));
    }
    if (extras.tied && embedding != hidden) {
      throw new IllegalArgumentException(
          "expected an embedding as wide as the hidden state where weights are tied, got %s and %s"
              .formatted(embedding, hidden));
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
    if (extras.blind) {
      seen = nothing(graph);
    } else if (images != null) {
      seen =
          ConvNet.addStages(
              graph,
              IMAGE,
              images.stages,
              new ConvNet.Look(
                  0, null, images.batchNorm ? BatchNorm.Rates.USUAL : null, Activation.RELU),
              images.frozen);
    }
    addProjection(graph, extras.attention == null ? seen : mean(graph, seen));
    if (extras.tied) {
      graph
          .addVertex(
              RNN, new TiedRnnVertex(cell, vocabulary, hidden, layers, true), WORDS, PROJECTION)
          .addLayer(SCORES, new TemporalBiasLayer.Builder().build(), RNN);
    } else {
      addWords(graph, seen);
    }
    return graph
        .addLayer(OUTPUT, new TemporalSoftmaxLossLayer(), SCORES)
        .setOutputs(OUTPUT)
        .build();
  }

  private boolean learnsToSee() {
    return images != null && !images.frozen && !extras.blind;
  }

  /** Zeros, as wide as the features or as the image has channels. */
  private String nothing(GraphBuilder graph) {
    graph.addLayer(
        NOTHING,
        new ScaleLayer.Builder().factor(0).inputGradient(images != null).build(),
        images == null ? IMAGE : mean(graph, IMAGE));
    return NOTHING;
  }

  /** What attention starts from: it will look at the places themselves. */
  private String mean(GraphBuilder graph, String seen) {
    graph.addLayer(
        MEAN, new GlobalAveragePoolLayer.Builder().inputGradient(learnsToSee()).build(), seen);
    return MEAN;
  }

  private void addProjection(GraphBuilder graph, String seen) {
    graph.addLayer(
        PROJECTION,
        new AffineLayer.Builder()
            .nOut(layers * cell.states() * hidden)
            // Small, so that the first states do not saturate the cells.
            .weightInit(ExplicitLayer.WEIGHTS, new WeightInitVarScalingNormalFanIn(0.25))
            .inputGradient(learnsToSee() || extras.blind)
            .build(),
        seen);
  }

  private void addWords(GraphBuilder graph, String seen) {
    graph.addLayer(
        EMBEDDING,
        new WordEmbeddingLayer.Builder()
            .vocabulary(vocabulary)
            .width(embedding)
            .weightScale(0.2)
            .build(),
        WORDS);
    String read = ConvNet.addDropout(graph, "wordDropout", extras.embeddingDropout, EMBEDDING);
    String state = PROJECTION;
    if (extras.attention != null) {
      graph
          .addLayer(PLACES, new PlacesLayer.Builder().inputGradient(learnsToSee()).build(), seen)
          .addVertex(SCENE, new MergeVertex(), PROJECTION, PLACES);
      state = SCENE;
    }
    graph.addVertex(RNN, recurrence(), read, state);
    graph.addLayer(
        SCORES,
        new TemporalAffineLayer.Builder()
            .nOut(vocabulary)
            .weightScale(1 / Math.sqrt(hidden))
            .build(),
        ConvNet.addDropout(graph, "stateDropout", extras.outputDropout, RNN));
  }

  private AbstractRnnVertex recurrence() {
    // Through a state that fades, stages that learn along would hardly hear of their faults.
    boolean lasting = learnsToSee() && cell == RnnCell.VANILLA;
    if (extras.attention == null) {
      RnnVertex rnn = new RnnVertex(cell, embedding, hidden, layers, false, true, 0);
      return lasting ? rnn.startingNearIdentity() : rnn;
    }
    long[] grid = ConvNet.grid(images.stages, images.height, images.width);
    var rnn =
        new AttentionRnnVertex(
            cell,
            embedding,
            hidden,
            layers,
            grid[0] * grid[1],
            images.stages.get(images.stages.size() - 1).filters(),
            extras.attention.width,
            extras.attention.penalty);
    return lasting ? rnn.startingNearIdentity() : rnn;
  }
}
