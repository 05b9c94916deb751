package org.descry.sweep.space;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;

/**
 * A space over keys of the job file. Its values go from key path to value, serialisable; settings
 * whose conditions do not hold are left out.
 *
 * <p>Arbiter draws the left-out ones too, so that several of its points can be one value.
 */
@SuppressWarnings("rawtypes") // as Arbiter has them
public final class JobSpace implements ParameterSpace<LinkedHashMap<String, JsonNode>> {
  /** As many as there are candidates at most. */
  private static final int MANY = 1_000_000;

  private final List<Axis> axes;
  private final List<Axis> ordered;
  private final List<Constraint> constraints;
  private final Map<String, JsonNode> fixed;

  /**
   * @throws IllegalArgumentException if conditions wait for one another in a circle
   */
  public JobSpace(List<Axis> axes) {
    this(axes, List.of(), Map.of());
  }

  /**
   * @param constraints which candidates have to obey
   * @param fixed the settings in them that are not searched
   * @throws IllegalArgumentException if conditions wait for one another in a circle
   */
  public JobSpace(List<Axis> axes, List<Constraint> constraints, Map<String, JsonNode> fixed) {
    this.axes = List.copyOf(axes);
    this.ordered = inOrder(this.axes);
    this.constraints = List.copyOf(constraints);
    this.fixed = Map.copyOf(fixed);
    List<ParameterSpace> leaves = collectLeaves();
    int index = 0;
    for (ParameterSpace leaf : leaves) {
      if (leaf.numParameters() > 0) {
        leaf.setIndices(index++); // as Arbiter's generators do
      }
    }
  }

  /** The axes that Arbiter has numbers for, in the order of the numbers. */
  public List<Axis> free() {
    return axes.stream().filter(Axis::isFree).toList();
  }

  /** Whether a candidate obeys the constraints. */
  public boolean accepts(Map<String, JsonNode> settings) {
    if (constraints.isEmpty()) {
      return true;
    }
    Map<String, JsonNode> all = new LinkedHashMap<>(fixed);
    all.putAll(settings);
    return constraints.stream().allMatch(constraint -> constraint.holds(all));
  }

  /** The settings with the values as the axes have them, see {@link Axis#own}. */
  public Map<String, JsonNode> own(Map<String, JsonNode> settings) {
    Map<String, JsonNode> own = new LinkedHashMap<>(settings);
    axes.forEach(
        axis -> own.computeIfPresent(axis.dimension().key(), (key, value) -> axis.own(value)));
    return own;
  }

  /**
   * Arbiter's numbers of settings, each from 0 to 1; NaN for a setting that is absent.
   *
   * @return empty if a value is none of the space's, or a setting is there whose conditions do not
   *     hold
   */
  public Optional<double[]> places(Map<String, JsonNode> settings) {
    Set<String> unknown = new HashSet<>(settings.keySet());
    List<Double> places = new ArrayList<>();
    for (Axis axis : axes) {
      String key = axis.dimension().key();
      JsonNode value = settings.get(key);
      if (unknown.remove(key) && (!axis.isActive(settings) || !axis.draws(value))) {
        return Optional.empty();
      }
      if (axis.isFree()) {
        places.add(value == null ? Double.NaN : axis.place().applyAsDouble(value));
      }
    }
    return unknown.isEmpty()
        ? Optional.of(places.stream().mapToDouble(Double::doubleValue).toArray())
        : Optional.empty();
  }

  /** Each axis behind those that its conditions name; shorter paths first. */
  private static List<Axis> inOrder(List<Axis> axes) {
    List<Axis> left = new ArrayList<>(axes);
    left.sort(Comparator.comparingInt(axis -> axis.dimension().key().length()));
    List<Axis> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      Axis next =
          left.stream()
              .filter(axis -> left.stream().noneMatch(axis::waitsFor))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException(circle(left)));
      left.remove(next);
      ordered.add(next);
    }
    return ordered;
  }

  /** What is left holds a circle: whoever follows the conditions comes back. */
  private static String circle(List<Axis> left) {
    List<String> path = new ArrayList<>();
    Axis here = left.get(0);
    while (!path.contains(here.dimension().key())) {
      path.add(here.dimension().key());
      here = left.stream().filter(here::waitsFor).findFirst().orElseThrow();
    }
    List<String> keys = path.subList(path.indexOf(here.dimension().key()), path.size());
    return "when: %s %s, but expected no circle"
        .formatted(
            String.join(" waits for ", keys),
            keys.size() == 1 ? "waits for itself" : "waits for " + keys.get(0));
  }

  /** The axes in the order of the sweep file. */
  public List<Axis> axes() {
    return axes;
  }

  /** The axes, each behind those that its conditions name: the order in which to set them. */
  public List<Axis> ordered() {
    return ordered;
  }

  @Override
  public LinkedHashMap<String, JsonNode> getValue(double[] parameters) {
    Map<String, JsonNode> drawn = new LinkedHashMap<>();
    for (Axis axis : ordered) {
      if (axis.isActive(drawn)) {
        drawn.put(axis.dimension().key(), axis.space().getValue(parameters));
      }
    }
    LinkedHashMap<String, JsonNode> settings = new LinkedHashMap<>();
    for (Axis axis : axes) { // in the order of the file
      JsonNode value = drawn.get(axis.dimension().key());
      if (value != null) {
        settings.put(axis.dimension().key(), value);
      }
    }
    return settings;
  }

  /**
   * The number of points in Arbiter's grid, left-out settings counted; infinite for a continuum.
   */
  public double points() {
    return axes.stream().mapToDouble(Axis::size).reduce(1, (a, b) -> a * b);
  }

  /**
   * The number of different values; infinite for a continuum, and at least {@value #MANY} where
   * there are so many that they are not counted to the end.
   */
  public double size() {
    return new Count().from(0, Map.of());
  }

  /** Counts values, until it has seen many ways in which conditions hold or not. */
  private final class Count {
    private int ways;

    /** Of the axes from this one on, beside settings of those before. */
    double from(int index, Map<String, JsonNode> settings) {
      if (index == ordered.size()) {
        ways++;
        return 1;
      }
      Axis axis = ordered.get(index);
      if (!axis.isActive(settings)) {
        return from(index + 1, settings);
      }
      List<JsonNode> named = namedByConditions(axis);
      double sum = 0;
      for (JsonNode value : named) {
        if (ways >= MANY) {
          return sum;
        }
        Map<String, JsonNode> more = new LinkedHashMap<>(settings);
        more.put(axis.dimension().key(), value);
        sum += from(index + 1, more);
      }
      double others = axis.size() - named.size();
      return others > 0 ? sum + others * Math.max(1, from(index + 1, settings)) : sum;
    }
  }

  private List<JsonNode> namedByConditions(Axis axis) {
    return axes.stream()
        .flatMap(other -> other.conditions().stream())
        .filter(condition -> condition.key().equals(axis.dimension().key()))
        .flatMap(condition -> condition.values().stream())
        .distinct()
        .toList();
  }

  /**
   * Every way in which the conditions of an axis come to hold: values of the settings that it waits
   * for, directly or not, in the order in which to set them. One empty way for an axis without
   * conditions, none for one whose conditions contradict one another.
   *
   * @throws IllegalArgumentException if there are too many
   */
  public List<Map<String, JsonNode>> branches(Axis axis) {
    return new Branches(ordered).of(axis);
  }

  /**
   * The settings and a value for each other axis whose conditions hold among them; axes without
   * conditions stay as the job has them.
   */
  public Map<String, JsonNode> completed(Map<String, JsonNode> settings) {
    Map<String, JsonNode> completed = new LinkedHashMap<>(settings);
    for (Axis axis : ordered) {
      if (!axis.conditions().isEmpty() && axis.isActive(completed)) {
        completed.putIfAbsent(axis.dimension().key(), axis.samples().get(0));
      }
    }
    return completed;
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
