package org.descry.export.samediff;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.archive.SelfTest;
import org.descry.data.image.ChannelNormalizer;
import org.descry.io.Json;
import org.descry.layer.Sequences;
import org.descry.model.NetworkLayers;
import org.descry.model.NetworkModel;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
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
 *   <li>{@value #SELF_TEST}: a {@link SelfTest} for each of what is run by itself, a JSON array in
 *       UTF-8 as a constant of bytes, once it is added.
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
  public static final String WORDS = NetworkModel.WORDS;
  public static final String STATE = "state";
  public static final String PROBABILITIES = "probabilities";
  public static final String SCORES = "scores";
  public static final String NUMBERS = NetworkModel.NUMBERS;
  public static final String MASK = "mask";
  public static final String NEXT_STATE = "nextState";
  public static final String SELF_TEST = "selftest";
  static final String LABELS = "labels";
  static final String VOCABULARY = "vocabulary";

  private static final String NORMALIZER = "normalizer";
  private static final double MAX_PIXEL = 255;

  /** Rows. */
  private static final long ANY = -1;

  private static final long SEED = 0x5E1F;

  /** So many values of an input are worth a second row. */
  private static final long SMALL = 1 << 16;

  private final SameDiff graph = SameDiff.create();
  private final List<Part> parts = new ArrayList<>();
  private final ComputationGraph network;
  private final Manifest manifest;

  /** A graph that holds nothing but the outputs' names. */
  public SameDiffGraph(ModelArchive archive) {
    network = archive.network();
    manifest = archive.manifest();
    json(names(manifest), manifest.outputNames());
  }

  private void json(String name, Object value) {
    byte[] json = Json.line(value).getBytes(StandardCharsets.UTF_8);
    graph.constant(name, Nd4j.createFromArray(json));
  }

  /** Adds what the parts answer to fixed batches. */
  public void addSelfTests() {
    json(SELF_TEST, parts.stream().map(this::selfTest).toList());
  }

  /** What a part answers to a fixed batch. */
  public SelfTest selfTest(Part part) {
    SplittableRandom random = new SplittableRandom(SEED);
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    part.inputs().forEach(name -> inputs.put(name, values(name, random)));
    Map<String, INDArray> found =
        graph.output(inputs, part.outputs().keySet().toArray(String[]::new));
    Map<String, INDArray> outputs = new LinkedHashMap<>();
    part.outputs().keySet().forEach(name -> outputs.put(name, found.get(name)));
    return SelfTest.of(inputs, outputs);
  }

  private INDArray values(String name, SplittableRandom random) {
    SDVariable input = graph.getVariable(name);
    long[] shape = input.placeholderShape().clone();
    long width = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    shape[0] = width <= SMALL ? 2 : 1;
    int words = manifest.text() == null ? manifest.outputNames().size() : manifest.text().size();
    float[] values = new float[(int) (shape[0] * width)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (name) {
            case IMAGE -> random.nextInt((int) MAX_PIXEL + 1);
            case WORD, WORDS -> random.nextInt(words);
            case MASK -> i <= width ? 1 : 0; // all of the first sequence, a step of the second
            default -> random.nextInt(-32, 33) / 16f;
          };
    }
    return Nd4j.create(values, shape, 'c').castTo(input.dataType());
  }

  /**
   * What is run by itself: of a captioner the encoder and the step, else all.
   *
   * @param inputs their names
   * @param outputs their names and shapes, -1 for any number of rows
   */
  public record Part(List<String> inputs, Map<String, long[]> outputs) {}

  /** The name of the input of images, or of features that stand for them. */
  public static String seen(Manifest manifest) {
    return manifest.image() == null ? FEATURES : IMAGE;
  }

  /** The name of the input of whole sequences. */
  public static String sequences(Manifest manifest) {
    return manifest.text() == null ? NUMBERS : WORDS;
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

  /** The whole graph. */
  public SameDiff graph() {
    return graph;
  }

  /** What was added, in its order. */
  public List<Part> parts() {
    return List.copyOf(parts);
  }

  /**
   * Adds what the network makes of images or features.
   *
   * @param vertex of the network, whose output is N x width
   * @throws DescryException where a layer has no SameDiff definition that could be used
   */
  public void addSeen(String vertex, String output, long width) {
    output(output, withInput(NetworkModel.IMAGE).define(vertex));
    parts.add(new Part(List.of(seen(manifest)), Map.of(output, new long[] {ANY, width})));
  }

  /**
   * Adds what the network makes of whole sequences.
   *
   * @param masked whether an input says where they are padded
   * @param shape of the output
   * @throws DescryException as {@link #addSeen}
   */
  public void addSequences(int steps, boolean masked, String output, long... shape) {
    NetworkDefinition definition = new NetworkDefinition(graph, network);
    String input = sequences(manifest);
    if (masked) {
      definition.masked(graph.placeHolder(MASK, DataType.FLOAT, ANY, steps));
    }
    if (input.equals(NUMBERS)) {
      InputType type = Sequences.type(manifest.features(), steps);
      definition.put(
          NUMBERS,
          graph.placeHolder(NUMBERS, DataType.FLOAT, ANY, steps, manifest.features()),
          type);
    } else {
      SDVariable words = graph.placeHolder(WORDS, DataType.INT, ANY, steps);
      definition.put(NetworkModel.WORDS, words.castTo(DataType.FLOAT), Sequences.words(steps));
    }
    output(output, definition.define(NetworkModel.OUTPUT));
    parts.add(new Part(masked ? List.of(input, MASK) : List.of(input), Map.of(output, shape)));
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
   * Adds one word of the recurrent part.
   *
   * @param initial what gives the first state in the network
   * @throws DescryException as {@link #addSeen}
   */
  public void addStep(String initial) {
    NetworkDefinition step = new NetworkDefinition(graph, network);
    long width = NetworkLayers.stateWidth(network);
    InputType type = InputType.feedForward(width);
    SDVariable state = placeHolder(STATE, DataType.FLOAT, type);
    SDVariable word = graph.placeHolder(WORD, DataType.INT, ANY);
    step.put(initial, state, type)
        .put(
            NetworkModel.WORDS,
            graph.reshape(word.castTo(DataType.FLOAT), ANY, 1),
            Sequences.words(1));
    SDVariable next = step.definePass(NetworkModel.RNN, state);
    SDVariable answer = step.define(NetworkModel.OUTPUT);
    long words = manifest.outputNames().size();
    output(PROBABILITIES, graph.reshape(answer, ANY, words));
    output(NEXT_STATE, next);
    Map<String, long[]> outputs = new LinkedHashMap<>();
    outputs.put(PROBABILITIES, new long[] {ANY, words});
    outputs.put(NEXT_STATE, new long[] {ANY, width});
    parts.add(new Part(List.of(WORD, STATE), outputs));
  }

  private SDVariable placeHolder(String name, DataType type, InputType shape) {
    return graph.placeHolder(name, type, shape.getShape(true));
  }

  private void output(String name, SDVariable variable) {
    graph.identity(name, variable);
  }
}
