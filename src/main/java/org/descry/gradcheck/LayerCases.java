package org.descry.gradcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.Seeding;
import org.descry.kernel.Activation;
import org.descry.kernel.BatchNorm;
import org.descry.layer.AffineBatchNormReluLayer;
import org.descry.layer.AffineBlockLayer;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.BatchNormLayer;
import org.descry.layer.ConvBatchNormReluLayer;
import org.descry.layer.ConvBatchNormReluPoolLayer;
import org.descry.layer.ConvBlockLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.layer.DropoutLayer;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.GlobalAveragePoolLayer;
import org.descry.layer.IdentityShortcutLayer;
import org.descry.layer.LastStepLayer;
import org.descry.layer.LayerNormLayer;
import org.descry.layer.LossLayer;
import org.descry.layer.MeanLossLayer;
import org.descry.layer.OneHotLayer;
import org.descry.layer.PlacesLayer;
import org.descry.layer.ReluLayer;
import org.descry.layer.ScaleLayer;
import org.descry.layer.Sequences;
import org.descry.layer.SigmoidLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.SvmLossLayer;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.TemporalBiasLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.layer.WordEmbeddingLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every layer on small random arrays, in each of the ways that its backward pass may take. */
public final class LayerCases {
  private static final String IN = "in";
  static final String SUBJECT = "subject";
  private static final long SEED = 20;
  private static final int N = 4;
  private static final int STEPS = 5;
  private static final int WIDTH = 4;
  private static final int HIDDEN = 3;
  private static final int CLASSES = 5;

  private LayerCases() {}

  /**
   * A layer in one of its ways.
   *
   * @param layer its name, such as {@code conv-relu-pool}
   * @param type its configuration's class
   * @param subject makes it ready to check
   */
  public record Case(String layer, Class<?> type, Supplier<Subject> subject) {
    /** A layer, named after its class. */
    public static Case of(ExplicitLayer layer, String variant, InputType input, INDArray x) {
      return masked(layer, variant, input, x, null);
    }

    static Case masked(
        ExplicitLayer layer, String variant, InputType input, INDArray x, INDArray mask) {
      String name = name(layer.getClass());
      return new Case(
          name,
          layer.getClass(),
          () ->
              new LayerSubject(
                  title(name, variant), network(layer, input).getLayer(SUBJECT), x, mask, SEED));
    }

    /**
     * Whether a user means this layer: {@code conv-relu-pool}, {@code ConvReluPool}, {@code
     * ConvReluPoolLayer} or the whole name of its class.
     */
    public boolean isNamed(String name) {
      return name.equals(type.getName()) || kebab(name).equals(layer);
    }
  }

  /** All cases, layer by layer. */
  public static List<Case> all() {
    List<Case> cases = new ArrayList<>(affine());
    cases.addAll(convolutions());
    cases.addAll(blocks());
    cases.addAll(losses());
    cases.addAll(sequences());
    cases.addAll(RecurrentCases.all());
    return List.copyOf(cases);
  }

  private static List<Case> affine() {
    return List.of(
        rows(new AffineLayer.Builder().nOut(WIDTH).build(), ""),
        images(new AffineLayer.Builder().nOut(WIDTH).build(), "on images"),
        rows(new AffineReluLayer.Builder().nOut(WIDTH).build(), ""),
        rows(new AffineBatchNormReluLayer.Builder().nOut(WIDTH).build(), ""),
        rows(new BatchNormLayer.Builder().build(), ""),
        images(new BatchNormLayer.Builder().build(), "on images"),
        rows(new LayerNormLayer.Builder().build(), ""),
        rows(new ReluLayer.Builder().build(), ""),
        images(new ReluLayer.Builder().build(), "on images"),
        rows(new SigmoidLayer.Builder().build(), ""),
        rows(new ScaleLayer.Builder().factor(0.3).build(), ""),
        images(
            new BatchNormLayer.Builder().rates(new BatchNorm.Rates(0.1, 0.5)).build(),
            "large epsilon"),
        rows(new DropoutLayer.Builder().probability(0.4).seed(SEED).build(), ""));
  }

  private static List<Case> convolutions() {
    return List.of(
        images(new ConvReluLayer.Builder().filters(3).build(), ""),
        images(
            new ConvReluLayer.Builder().filters(3).kernel(2, 4).stride(2, 1).padding(1, 2).build(),
            "rectangular, with stride"),
        images(
            new ConvReluLayer.Builder().filters(3).stride(2, 2).inputGradient(false).build(),
            "first layer"),
        images(new ConvReluPoolLayer.Builder().filters(3).build(), ""),
        images(
            new ConvReluPoolLayer.Builder().filters(3).pool(3, 3).poolStride(2, 2).build(),
            "overlapping windows"),
        images(
            new ConvReluPoolLayer.Builder().filters(3).inputGradient(false).build(), "first layer"),
        images(
            new ConvReluLayer.Builder().filters(3).dilation(2, 1).stride(1, 2).build(), "dilated"),
        images(
            new ConvReluLayer.Builder().filters(3).dilation(1, 2).inputGradient(false).build(),
            "dilated, first layer"),
        images(new GlobalAveragePoolLayer.Builder().build(), ""),
        images(new PlacesLayer.Builder().build(), ""),
        images(new IdentityShortcutLayer.Builder().channels(3).stride(2).build(), ""),
        images(new ConvBatchNormReluLayer.Builder().filters(3).build(), ""),
        images(new ConvBatchNormReluPoolLayer.Builder().filters(3).build(), ""));
  }

  /** Every activation, with and without batch norm, pooling before it or after it. */
  private static List<Case> blocks() {
    List<Case> cases = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      for (boolean norm : new boolean[] {false, true}) {
        String variant = activation.name().toLowerCase(Locale.ROOT) + (norm ? ", batch norm" : "");
        var affine = new AffineBlockLayer.Builder().activation(activation).batchNorm(norm);
        cases.add(rows(affine.nOut(WIDTH).build(), variant));
        var conv = new ConvBlockLayer.Builder().activation(activation).batchNorm(norm).filters(3);
        cases.add(images(conv.build(), variant));
        cases.add(images(conv.pool(2, 2).build(), variant + ", pool"));
        cases.add(images(conv.poolsEarly(true).build(), variant + ", early pool"));
      }
    }
    return cases;
  }

  private static List<Case> losses() {
    Values random = new Values(SEED);
    INDArray oneHot = random.oneHot(N, CLASSES);
    INDArray smoothed = oneHot.mul(0.9).addi(0.1 / CLASSES);
    INDArray mask = Nd4j.createFromArray(1.0, 0, 1, 0).reshape(N, 1);
    InputType rows = InputType.feedForward(CLASSES);
    INDArray scores = random.normal(N, CLASSES);
    INDArray words = random.integers(CLASSES, N, STEPS);
    InputType steps = Sequences.type(CLASSES, STEPS);
    INDArray stepScores = random.normal(N, STEPS, CLASSES);
    return List.of(
        loss(new SoftmaxLossLayer(), "", rows, scores, oneHot, null),
        loss(new SoftmaxLossLayer(), "smoothed labels, mask", rows, scores, smoothed, mask),
        loss(new SvmLossLayer(), "", rows, scores, oneHot, null),
        loss(new SvmLossLayer(), "mask", rows, scores, oneHot, mask),
        loss(new MeanLossLayer(), "", rows, scores, Nd4j.zeros(DataType.DOUBLE, N, 1), null),
        loss(new MeanLossLayer(), "mask", rows, scores, Nd4j.zeros(DataType.DOUBLE, N, 1), mask),
        loss(new TemporalSoftmaxLossLayer(), "", steps, stepScores, words, null),
        loss(
            new TemporalSoftmaxLossLayer(),
            "ragged lengths",
            steps,
            stepScores,
            words,
            random.lengths(N, STEPS)));
  }

  private static List<Case> sequences() {
    Values random = new Values(SEED);
    INDArray words = random.integers(CLASSES, N, STEPS);
    return List.of(
        Case.of(
            new WordEmbeddingLayer.Builder().vocabulary(CLASSES).width(WIDTH).build(),
            "repeated words",
            Sequences.words(STEPS),
            words),
        Case.of(
            new OneHotLayer.Builder().vocabulary(CLASSES).build(),
            "",
            Sequences.words(STEPS),
            words),
        steps(new TemporalAffineLayer.Builder().nOut(HIDDEN).build(), "", random),
        steps(new LayerNormLayer.Builder().build(), "on sequences", random),
        steps(new TemporalBiasLayer.Builder().build(), "", random),
        steps(new LastStepLayer.Builder().build(), "", random),
        Case.masked(
            new LastStepLayer.Builder().build(),
            "mask with holes",
            Sequences.type(WIDTH, STEPS),
            random.normal(N, STEPS, WIDTH),
            random.integers(2, N, STEPS)),
        steps(new SigmoidLayer.Builder().build(), "on sequences", random));
  }

  private static Case rows(ExplicitLayer layer, String variant) {
    return Case.of(layer, variant, InputType.feedForward(WIDTH), new Values(SEED).normal(N, WIDTH));
  }

  private static Case images(ExplicitLayer layer, String variant) {
    return Case.of(
        layer, variant, InputType.convolutional(5, 6, 2), new Values(SEED).normal(N, 2, 5, 6));
  }

  private static Case steps(ExplicitLayer layer, String variant, Values random) {
    return Case.of(layer, variant, Sequences.type(WIDTH, STEPS), random.normal(N, STEPS, WIDTH));
  }

  private static Case loss(
      LossLayer layer,
      String variant,
      InputType input,
      INDArray x,
      INDArray labels,
      INDArray mask) {
    String name = name(layer.getClass());
    return new Case(
        name,
        layer.getClass(),
        () ->
            new LossSubject(
                title(name, variant), network(layer, input).getLayer(SUBJECT), x, labels, mask));
  }

  private static ComputationGraph network(
      org.deeplearning4j.nn.conf.layers.Layer layer, InputType input) {
    return initialized(
        graph().addInputs(IN).setInputTypes(input).addLayer(SUBJECT, layer.clone(), IN));
  }

  static GraphBuilder graph() {
    return new NeuralNetConfiguration.Builder()
        .seed(Seeding.nonZero(SEED))
        .dataType(DataType.DOUBLE)
        .graphBuilder();
  }

  /** With parameters that are all different from zero, so that a missing term shows. */
  static ComputationGraph initialized(GraphBuilder builder) {
    ComputationGraph network = new ComputationGraph(builder.setOutputs(SUBJECT).build());
    network.init();
    network.initGradientsView();
    INDArray params = network.params();
    if (params.length() > 0) {
      params.addi(new Values(SEED).normal(params.shape()).muli(0.5));
    }
    return network;
  }

  static String title(String name, String variant) {
    return variant.isEmpty() ? name : name + " (" + variant + ")";
  }

  /** {@code ConvReluPoolLayer} is {@code conv-relu-pool}. */
  static String name(Class<?> layer) {
    return kebab(layer.getSimpleName());
  }

  /** The name of a class as the command line has it. */
  public static String kebab(String name) {
    return name.replaceAll("(Layer|Vertex)$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }
}
