package org.descry.sweep.space;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;

/** A space over keys of the job file. Its values go from key path to value, serialisable. */
@SuppressWarnings("rawtypes") // as Arbiter has them
public final class JobSpace implements ParameterSpace<LinkedHashMap<String, JsonNode>> {
  private final List<Axis> axes;

  public JobSpace(List<Axis> axes) {
    this.axes = List.copyOf(axes);
  }

  @Override
  public LinkedHashMap<String, JsonNode> getValue(double[] parameters) {
    LinkedHashMap<String, JsonNode> settings = new LinkedHashMap<>();
    axes.forEach(axis -> settings.put(axis.dimension().key(), axis.space().getValue(parameters)));
    return settings;
  }

  @Override
  public int numParameters() {
    return axes.stream().mapToInt(axis -> axis.space().numParameters()).sum();
  }

  @Override
  public List<ParameterSpace> collectLeaves() {
    return axes.stream().flatMap(axis -> axis.space().collectLeaves().stream()).toList();
  }

  @Override
  public Map<String, ParameterSpace> getNestedSpaces() {
    Map<String, ParameterSpace> spaces = new LinkedHashMap<>();
    axes.forEach(axis -> spaces.put(axis.dimension().key(), axis.space()));
    return spaces;
  }

  @Override
  public boolean isLeaf() {
    return false;
  }

  @Override
  public void setIndices(int... indices) {
    throw new UnsupportedOperationException("Not a leaf");
  }
}
