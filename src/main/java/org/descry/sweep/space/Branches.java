package org.descry.sweep.space;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ways in which conditions come to hold, see {@link JobSpace#branches}. */
final class Branches {
  private static final int MOST = 1000;

  private final List<Axis> ordered;
  private final Map<Axis, List<Map<String, JsonNode>>> known = new HashMap<>();

  /**
   * @param ordered each axis behind those that its conditions name
   */
  Branches(List<Axis> ordered) {
    this.ordered = ordered;
  }

  /**
   * @throws IllegalArgumentException if there are more than {@value #MOST}
   */
  List<Map<String, JsonNode>> of(Axis axis) {
    List<Map<String, JsonNode>> found = known.get(axis);
    if (found != null) {
      return found;
    }
    List<Map<String, JsonNode>> branches = List.of(Map.of());
    for (Axis before : ordered) {
      List<Condition> named =
          axis.conditions().stream()
              .filter(condition -> condition.key().equals(before.dimension().key()))
              .toList();
      if (!named.isEmpty()) {
        List<Map<String, JsonNode>> longer = new ArrayList<>();
        for (Map<String, JsonNode> branch : branches) {
          for (Map<String, JsonNode> way : of(before)) {
            named.get(0).values().stream()
                .filter(value -> named.stream().allMatch(c -> c.values().contains(value)))
                .map(value -> joined(branch, way, before.dimension().key(), value))
                .filter(joined -> joined != null)
                .forEach(longer::add);
            requireFew(axis, longer.size());
          }
        }
        branches = longer;
      }
    }
    found = branches.stream().distinct().toList();
    known.put(axis, found);
    return found;
  }

  /** Conditions on conditions may multiply without end. */
  private static void requireFew(Axis axis, int branches) {
    if (branches > MOST) {
      throw new IllegalArgumentException(
          "search.%s.when: its conditions hold in more than %s ways, but expected fewer: fewer values or fewer conditions on conditions"
              .formatted(axis.dimension().key(), MOST));
    }
  }

  /** All of them together; null where they contradict one another. */
  private static Map<String, JsonNode> joined(
      Map<String, JsonNode> branch, Map<String, JsonNode> way, String key, JsonNode value) {
    Map<String, JsonNode> joined = new LinkedHashMap<>(branch);
    Map<String, JsonNode> more = new LinkedHashMap<>(way);
    more.put(key, value);
    for (Map.Entry<String, JsonNode> setting : more.entrySet()) {
      JsonNode before = joined.putIfAbsent(setting.getKey(), setting.getValue());
      if (before != null && !before.equals(setting.getValue())) {
        return null;
      }
    }
    return joined;
  }
}
