package org.descry.layer.space;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.AbstractParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/**
 * A vertex in a {@link GraphSpace}, such as an {@link org.descry.layer.RnnVertex}. Its settings are
 * the parameters of its longest constructor; those that are not given are 0, false or null.
 *
 * @param <V> the vertex
 */
public final class VertexSpace<V extends GraphVertex> extends AbstractParameterSpace<V> {
  private final SettingSpaces<V> spaces;

  /**
   * @param vertex the vertex
   * @param settings names of settings, and for each a {@link ParameterSpace} or a value
   * @throws IllegalArgumentException for a setting that the vertex does not have
   */
  public VertexSpace(Class<V> vertex, Map<String, ?> settings) {
    spaces = new SettingSpaces<>(vertex, settings);
  }

  @Override
  public V getValue(double[] point) {
    return spaces.value(point);
  }

  @Override
  public int numParameters() {
    return spaces.parameters();
  }

  @Override
  @SuppressWarnings("rawtypes")
  public List<ParameterSpace> collectLeaves() {
    return spaces.leaves();
  }

  @Override
  public boolean isLeaf() {
    return false;
  }

  @Override
  public void setIndices(int... indices) {
    throw new UnsupportedOperationException("expected the indices to be set on the leaves");
  }

  @Override
  public String toString() {
    return spaces.toString();
  }
}
