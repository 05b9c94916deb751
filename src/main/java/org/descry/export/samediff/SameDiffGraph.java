package org.descry.export.samediff;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.data.image.ChannelNormalizer;
import org.descry.io.Json;
import org.descry.layer.Sequences;
import org.descry.model.CaptioningRnn;
import org.descry.model.Classifier;
import org.descry.model.LanguageRnn;
import org.descry.model.NetworkLayers;
import org.descry.model.SequenceRnn;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained model as one SameDiff graph, whose inputs and outputs have the names below and any
 * number of rows N.
 *
 * <ul>
 *   <li>A classifier: {@value #IMAGE} to {@value #PROBABILITIES}, or {@value #SCORES} of an SVM, N
 *       x K.
 *   <li>A captioner: {@value #IMAGE}, or {@value #FEATURES} N x D, to {@value #INITIAL_STATE} N x
 *       S; and the step. Where it looks at a grid, the states hold its places too.
 *   <li>The step of a captioner or language model: {@value #WORD} and {@value #STATE} N x S to
 *       {@value #PROBABILITIES} of the next word, N x V, and {@value #NEXT_STATE} N x S.
 *   <li>A language model that reads in both directions: {@value #WORDS} N x T to {@value
 *       #PROBABILITIES}, N x T x V, where T is the job's.
 *   <li>A sequence classifier: {@value #WORDS} N x T, or {@value #NUMBERS} N x T x D, and {@value
 *       #MASK} N x T, 0 where a sequence is padded, to {@value #PROBABILITIES}, N x K, where T is
 *       the longest that the model takes.
 *   <li>The names of the classes as {@value #LABELS}, of the words as {@value #VOCABULARY}: JSON
 *       arrays in UTF-8 as constants of bytes, for M2.1's constants of strings are ASCII.
 * </ul>
 *
 * <p>{@value #IMAGE} is N x C x H x W in 0..255, RGB; {@value #WORD} is a vector of N numbers of
 * words (INT32); {@value #WORDS} is of INT32 too, all else is float32.
 */
public final class SameDiffGraph {
  public static final String IMAGE = "image";
  public static final String FEATURES = "features";
  public static final String INITIAL_STATE = "initialState";
  public static final String WORD = "word";
  public static final String WORDS = CaptioningRnn.WORDS;
  public static final String STATE = "state";
  public static final String PROBABILITIES = "probabilities";
  public static final String SCORES = "scores";
  public static final String NUMBERS = SequenceRnn.NUMBERS;
  public static final String MASK = "mask";
  public static final String NEXT_STATE = "nextState";
  static final String LABELS = "labels";
  static final String VOCABULARY = "vocabulary";

  private static final String NORMALIZER = "normalizer";
  private static final double MAX_PIXEL = 255;

  /** A graph holds each step of a recurrent layer by itself. */
  private static final int MOST_STEPS = 500;

  private final SameDiff graph = SameDiff.create();
  private final ComputationGraph network;
  private final Manifest manifest;

  private SameDiffGraph(ModelArchive archive) {
    network = archive.network();
    manifest = archive.manifest();
  }

  /**
   * @throws org.descry.DescryException where a layer has no SameDiff definition that could be used
   */
  public static SameDiff of(ModelArchive archive) {
    SameDiffGraph builder = new SameDiffGraph(archive);
    builder.addNames();
    archive
        .manifest()
        .<Runnable>match(
            () -> builder::addClassifier,
            () -> builder::addCaptioner,
            () -> builder::addLanguageModel,
            () -> builder::addSequenceClassifier)
        .run();
    return builder.graph;
  }

  /** The name of the input that is read as a whole: images, features or sequences. */
  public static String input(Manifest manifest) {
    String seen = manifest.image() == null ? FEATURES : IMAGE;
    return manifest.match(
        () -> seen, () -> seen, () -> WORDS, () -> manifest.text() == null ? NUMBERS : WORDS);
  }

  /** The name of the output that a model is asked for. */
  public static String answer(Manifest manifest) {
    boolean scores = manifest.classifies() && manifest.output().equals("score");
    return scores ? SCORES : PROBABILITIES;
  }

  /** The name of the constant that says what the outputs' columns stand for. */
  public static String names(Manifest manifest) {
    return manifest.classifies() ? LABELS : VOCABULARY;
  }

  private void addNames() {
    byte[] json = Json.line(manifest.outputNames()).getBytes(StandardCharsets.UTF_8);
    graph.constant(names(manifest), Nd4j.createFromArray(json));
  }

  private void addClassifier() {
    SDVariable answer = withInput(Classifier.INPUT).define(Classifier.OUTPUT);
    output(answer(manifest), answer);
  }

  private void addCaptioner() {
    String initial = NetworkLayers.initialState(network);
    output(INITIAL_STATE, withInput(CaptioningRnn.IMAGE).define(initial));
    addStep(initial);
  }

  private void addLanguageModel() {
    if (!NetworkLayers.readsBothDirections(network)) {
      addStep(LanguageRnn.STATE);
      return;
    }
    int steps = steps(manifest);
    SDVariable words = graph.placeHolder(WORDS, DataType.INT, -1, steps);
    NetworkDefinition definition =
        new NetworkDefinition(graph, network)
            .put(CaptioningRnn.WORDS, words.castTo(DataType.FLOAT), Sequences.words(steps));
    output(PROBABILITIES, definition.define(CaptioningRnn.OUTPUT));
  }

  private void addSequenceClassifier() {
    int steps = manifest.steps();
    if (steps > MOST_STEPS) {
      throw new UsageException(
          "The formats samediff and onnx hold sequences of up to %s steps; expected data.maxSteps in the model's job to be no more, got %s."
              .formatted(MOST_STEPS, steps));
    }
    SDVariable mask = graph.placeHolder(MASK, DataType.FLOAT, -1, steps);
    NetworkDefinition definition = new NetworkDefinition(graph, network).masked(mask);
    if (manifest.text() == null) {
      InputType type = Sequences.type(manifest.features(), steps);
      SDVariable numbers =
          graph.placeHolder(NUMBERS, DataType.FLOAT, -1, steps, manifest.features());
      definition.put(NUMBERS, numbers, type);
    } else {
      SDVariable words = graph.placeHolder(WORDS, DataType.INT, -1, steps);
      definition.put(CaptioningRnn.WORDS, words.castTo(DataType.FLOAT), Sequences.words(steps));
    }
    output(answer(manifest), definition.define(CaptioningRnn.OUTPUT));
  }

  /**
   * T, where a graph reads whole sequences: as many steps as the training's had.
   *
   * @throws UsageException where the job does not say so
   */
  public static int steps(Manifest manifest) {
    int steps = manifest.provenance().job().at("/data/steps").asInt();
    if (steps < 1) {
      throw new UsageException(
          "The formats samediff and onnx hold a network that reads in both directions for sequences"
              + " of one length; expected data.steps in the model's job.");
    }
    return steps;
  }

  /** The definition over images that it normalises, or over features. */
  private NetworkDefinition withInput(String name) {
    NetworkDefinition definition = new NetworkDefinition(graph, network);
    Manifest.ImageShape image = manifest.image();
    if (image == null) {
      InputType type = InputType.feedForward(manifest.features());
      return definition.put(name, placeHolder(FEATURES, DataType.FLOAT, type), type);
    }
    InputType type = InputType.convolutional(image.height(), image.width(), image.channels());
    SDVariable pixels = placeHolder(IMAGE, DataType.FLOAT, type);
    return definition.put(name, normalized(pixels), type);
  }

  private SDVariable normalized(SDVariable pixels) {
    ChannelNormalizer normalizer = manifest.normalizer();
    SDVariable mean = channels("mean", normalizer.mean());
    SDVariable std =
        channels(
            "std",
            normalizer.std().stream().map(deviation -> deviation == 0 ? 1 : deviation).toList());
    return pixels.sub(mean).div(NORMALIZER, std);
  }

  private SDVariable channels(String name, List<Double> values) {
    double[] scaled = values.stream().mapToDouble(value -> value * MAX_PIXEL).toArray();
    return graph.constant(
        NORMALIZER + "/" + name,
        Nd4j.createFromArray(scaled).castTo(DataType.FLOAT).reshape(1, scaled.length, 1, 1));
  }

  /**
   * One word of the recurrent part.
   *
   * @param initial what gives the first state in the network
   */
  private void addStep(String initial) {
    NetworkDefinition step = new NetworkDefinition(graph, network);
    InputType type = InputType.feedForward(NetworkLayers.stateWidth(network));
    SDVariable state = placeHolder(STATE, DataType.FLOAT, type);
    SDVariable word = graph.placeHolder(WORD, DataType.INT, -1);
    step.put(initial, state, type)
        .put(
            CaptioningRnn.WORDS,
            graph.reshape(word.castTo(DataType.FLOAT), -1, 1),
            Sequences.words(1));
    SDVariable next = step.definePass(CaptioningRnn.RNN, state);
    SDVariable answer = step.define(CaptioningRnn.OUTPUT);
    long vocabulary = ((ShapedVariable) answer).placeholderShape()[2];
    output(PROBABILITIES, graph.reshape(answer, -1, vocabulary));
    output(NEXT_STATE, next);
  }

  private SDVariable placeHolder(String name, DataType type, InputType shape) {
    return graph.placeHolder(name, type, shape.getShape(true));
  }

  private void output(String name, SDVariable variable) {
    graph.identity(name, variable);
  }
}
