package org.descry.sweep.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.descry.sweep.space.Dimension;

/** Names of the searched settings for tables and charts: as much of the key path as tells apart. */
final class ShortNames {
  private ShortNames() {}

  /** Key path to the shortest of its endings that no other key path has. */
  static Map<String, String> of(List<Dimension> dimensions) {
    List<String> keys = dimensions.stream().map(Dimension::key).toList();
    Map<String, String> names = new LinkedHashMap<>();
    for (String key : keys) {
      int dot = key.lastIndexOf('.');
      while (dot >= 0 && shared(key.substring(dot), keys)) {
        dot = key.lastIndexOf('.', dot - 1);
      }
      names.put(key, key.substring(dot + 1));
    }
    return names;
  }

  private static boolean shared(String ending, List<String> keys) {
    return keys.stream().filter(key -> ("." + key).endsWith(ending)).count() > 1;
  }
}
