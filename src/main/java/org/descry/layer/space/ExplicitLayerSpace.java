package org.descry.layer.space;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.layers.LayerSpace;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer in Arbiter's {@code MultiLayerSpace} or {@code ComputationGraphSpace}, any of Descry's
 * and any other that has a {@code Builder}:
 *
 * <pre>{@code
 * new ExplicitLayerSpace<>(
 *     ConvReluPoolLayer.class,
 *     Map.of("filters", new IntegerParameterSpace(8, 32), "kernel", 3))
 * }</pre>
 *
 * @param <L> the layer
 */
@JsonAutoDetect(
    fieldVisibility = JsonAutoDetect.Visibility.NONE,
    getterVisibility = JsonAutoDetect.Visibility.NONE,
    isGetterVisibility = JsonAutoDetect.Visibility.NONE)
public final class ExplicitLayerSpace<L extends Layer> extends LayerSpace<L> {
  private final SettingSpaces<L> spaces;

  /**
   * @param layer the layer
   * @param settings names of the builder's methods, and for each a {@link ParameterSpace} or a
   *     value. Where a method takes several values, such as a window's height and width, one value
   *     stands for all and an array has one for each.
   * @throws IllegalArgumentException for a setting that the layer does not have
   */
  public ExplicitLayerSpace(Class<L> layer, Map<String, ?> settings) {
    spaces = new SettingSpaces<>(layer, settings);
    numParameters = spaces.parameters();
  }

  @JsonCreator
  static <L extends Layer> ExplicitLayerSpace<L> read(
      @JsonProperty("layer") Class<L> layer,
      @JsonProperty("settings") Map<String, ParameterSpace<?>> settings) {
    return new ExplicitLayerSpace<>(layer, settings);
  }

  /**
   * @throws IllegalArgumentException for a value that the setting does not take, or with what the
   *     layer has against it
   */
  @Override
  public L getValue(double[] point) {
    return spaces.value(point);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public List<ParameterSpace> collectLeaves() {
    return spaces.leaves();
  }

  /** For JSON. */
  @JsonProperty
  Class<L> layer() {
    return spaces.type();
  }

  /** For JSON. */
  @JsonProperty
  Map<String, ParameterSpace<?>> settings() {
    return spaces.spaces();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExplicitLayerSpace<?> that && spaces.equals(that.spaces);
  }

  @Override
  public int hashCode() {
    return spaces.hashCode();
  }

  @Override
  public String toString() {
    return spaces.toString();
  }
}
