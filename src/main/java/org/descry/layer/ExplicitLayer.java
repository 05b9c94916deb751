package org.descry.layer;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect.Visibility;
import org.nd4j.shade.jackson.annotation.JsonInclude;

/**
 * A DL4J SameDiff layer that trains with an explicit backward pass instead of SameDiff's autodiff.
 * It is the base of Descry's layers and of layers of your own.
 *
 * <p>It defines itself twice: {@code defineLayer} is the forward pass as a SameDiff graph, for
 * export and as the oracle of the gradient checks; {@link #explicitPass()} is what runs.
 *
 * <p>In JSON are all fields that are not transient; a constructor without arguments, of any
 * visibility, is for reading it.
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY) // settings have no setters
public abstract class ExplicitLayer extends SameDiffLayer {
  /** The weights' parameter name. */
  public static final String WEIGHTS = "W";

  /** The biases' parameter name. */
  public static final String BIAS = "b";

  private boolean inputGradient = true;

  @JsonInclude(JsonInclude.Include.NON_EMPTY) // zips of before have none
  private List<String> fixed = List.of();

  private transient Builder<?> constrained;

  /** For JSON. */
  protected ExplicitLayer() {}

  protected ExplicitLayer(Builder<?> builder) {
    super(builder);
    inputGradient = builder.inputGradient;
    fixed = builder.fixed;
    constrained = builder;
  }

  /** New explicit passes for one instance of the layer, which stands in one network. */
  protected abstract ExplicitPass explicitPass();

  /** The settings that make two layers of this class equal; none by default. */
  protected List<?> settings() {
    return List.of();
  }

  /** The parameters that carry state and are not trained: no updater, no regularisation. */
  public List<String> state() {
    return List.of();
  }

  /** The parameters that stay as they begin, see {@link Builder#fixed}. */
  public final List<String> fixed() {
    return fixed;
  }

  /** Whether no step moves a parameter: it is fixed, or state. */
  public final boolean untrained(String param) {
    return fixed.contains(param) || state().contains(param);
  }

  /**
   * What the layer is in training, where that differs from {@link #defineLayer}.
   *
   * @return null where no SameDiff graph can tell
   */
  public SDVariable defineTraining(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return defineLayer(sameDiff, input, params, mask);
  }

  /** Whether the features' mask holds for the output too. */
  boolean passesMask() {
    return true;
  }

  /**
   * How often the explicit backward pass of a layer or vertex of this package, in a network, has
   * run: a test's proof that autodiff did not.
   */
  public static long backwardPasses(GraphVertex vertex) {
    if (vertex instanceof RnnVertexRuntime rnn) {
      return rnn.backwardPasses();
    }
    return vertex.getLayer() instanceof LossLayerRuntime loss
        ? loss.backwardPasses()
        : ((ExplicitLayerRuntime) vertex.getLayer()).backwardPasses();
  }

  /**
   * Whether the backward pass computes the input's gradient; a network's first layer needs none.
   */
  public final boolean inputGradient() {
    return inputGradient;
  }

  /**
   * DL4J asks for it before it makes the parameters.
   *
   * @throws org.descry.MemoryException if there is no room for the parameters
   */
  @Override
  public ParamInitializer initializer() {
    ParameterMemory.require(name(), getLayerParams().getParamShapes());
    return super.initializer();
  }

  private String name() {
    return layerName == null ? getClass().getSimpleName() : layerName;
  }

  @Override
  public final Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray paramsView,
      boolean initializeParams,
      DataType type) {
    ParameterMemory.requireSizes(this);
    Layer layer = new ExplicitLayerRuntime(conf, type, explicitPass());
    layer.setParamTable(initializer().init(conf, paramsView, initializeParams));
    return placed(layer, conf, listeners, layerIndex, paramsView);
  }

  /** What every layer's runtime is told of its place in the network. */
  static Layer placed(
      Layer layer,
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray paramsView) {
    layer.setIndex(index);
    layer.setListeners(listeners);
    layer.setParamsViewArray(paramsView);
    layer.setConf(conf);
    return layer;
  }

  /** Constraints name parameters, which the layer knows only once it is built. */
  @Override
  public final void applyGlobalConfig(NeuralNetConfiguration.Builder global) {
    super.applyGlobalConfig(global);
    if (constrained != null) {
      initializeConstraints(constrained);
      constrained = null;
    }
  }

  /** The input's own by default. */
  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType;
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    // None by default.
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    // None by default.
  }

  /**
   * Takes what the layer's sizes were not given from the type of its input.
   *
   * @param override whether also what was given is taken from there
   */
  protected void inferSizes(InputType inputType, boolean override) {
    // Nothing by default.
  }

  @Override
  public final void setNIn(InputType inputType, boolean override) {
    inferSizes(inputType, override);
    if (getConstraints() != null) {
      // DL4J asked for the parameters' names, and holds shapes of before the sizes were known.
      setLayerParams(null);
      getLayerParams();
    }
  }

  @Override
  public void applyGlobalConfigToLayer(NeuralNetConfiguration.Builder global) {
    if (weightInit == null && paramWeightInit == null && global.getWeightInitFn() != null) {
      paramWeightInit = Map.of(WEIGHTS, global.getWeightInitFn());
    }
  }

  @Override
  public IUpdater getUpdaterByParam(String param) {
    return untrained(param) ? new NoOp() : super.getUpdaterByParam(param);
  }

  @Override
  public List<Regularization> getRegularizationByParam(String param) {
    return untrained(param) ? List.of() : super.getRegularizationByParam(param);
  }

  /**
   * Fills the parameters {@link #WEIGHTS} and {@link #BIAS}, the weights as configured ({@link
   * WeightInit#RELU}, He et al. 2015, by default); biases are 0.
   */
  protected final void initialize(Map<String, INDArray> params, double fanIn, double fanOut) {
    IWeightInit init = paramWeightInit == null ? null : paramWeightInit.get(WEIGHTS);
    if (init == null) {
      init = (weightInit == null ? WeightInit.RELU : weightInit).getWeightInitFunction();
    }
    INDArray weights = params.get(WEIGHTS);
    init.init(fanIn, fanOut, weights.shape(), paramReshapeOrder(WEIGHTS), weights);
    if (params.containsKey(BIAS)) {
      params.get(BIAS).assign(0);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExplicitLayer layer
        && getClass() == other.getClass()
        && super.equals(other)
        && inputGradient == layer.inputGradient
        && fixed.equals(layer.fixed)
        && settings().equals(layer.settings());
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), inputGradient, fixed, settings());
  }

  /** Settings that all explicit layers share. */
  public abstract static class Builder<T extends Builder<T>> extends SameDiffLayer.Builder<T> {
    private boolean inputGradient = true;
    private List<String> fixed = List.of();

    protected Builder() {
      weightInit = null;
    }

    /** Draws the weights from a normal distribution with mean 0 and this standard deviation. */
    public T weightScale(double standardDeviation) {
      return weightInit(
          WEIGHTS, new WeightInitDistribution(new NormalDistribution(0, standardDeviation)));
    }

    /**
     * False for a network's first layer: nobody needs its input's gradient, so it is not computed.
     */
    public T inputGradient(boolean wanted) {
      inputGradient = wanted;
      return self();
    }

    /** Parameters that stay as they begin: no updates, no regularisation, gradients of 0. */
    public T fixed(String... params) {
      fixed = List.of(params);
      return self();
    }

    @SuppressWarnings("unchecked")
    final T self() {
      return (T) this;
    }
  }
}
