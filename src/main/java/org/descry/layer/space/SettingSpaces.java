package org.descry.layer.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.util.LeafUtils;

/** Where the settings of a layer or a vertex come from. */
final class SettingSpaces<T> {
  private final Blueprint<T> blueprint;
  // In the order of names: maps of other orders would make other candidates of the same seed.
  private final SortedMap<String, ParameterSpace<?>> spaces = new TreeMap<>();

  SettingSpaces(Class<T> type, Map<String, ?> settings) {
    blueprint = new Blueprint<>(type);
    SortedSet<String> known = blueprint.names();
    settings.forEach(
        (name, setting) -> {
          if (!known.contains(name)) {
            throw new IllegalArgumentException(
                "%s: expected settings among %s, got \"%s\""
                    .formatted(type.getSimpleName(), known, name));
          }
          spaces.put(
              name, setting instanceof ParameterSpace<?> space ? space : new FixedValue<>(setting));
        });
  }

  Class<T> type() {
    return blueprint.type();
  }

  Map<String, ParameterSpace<?>> spaces() {
    return spaces;
  }

  T value(double[] point) {
    Map<String, Object> values = new TreeMap<>();
    spaces.forEach((name, space) -> values.put(name, space.getValue(point)));
    return blueprint.make(values);
  }

  /** Raw, as Arbiter's interface has it. */
  @SuppressWarnings("rawtypes")
  List<ParameterSpace> leaves() {
    List<ParameterSpace> leaves = new ArrayList<>();
    spaces.values().forEach(space -> leaves.addAll(space.collectLeaves()));
    return leaves;
  }

  int parameters() {
    return LeafUtils.countUniqueParameters(leaves());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SettingSpaces<?> that
        && type() == that.type()
        && spaces.equals(that.spaces);
  }

  @Override
  public int hashCode() {
    return 31 * type().hashCode() + spaces.hashCode();
  }

  @Override
  public String toString() {
    return type().getSimpleName() + spaces;
  }
}
