package org.descry.job.schema;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Where each setting of a tree was written. Immutable. */
public final class Places {
  private final Place whole;
  private final NavigableMap<String, Place> keys;

  /**
   * One place.
   *
   * @param source what the file is called, or what else gave the setting; null where nothing is
   *     known
   * @param folder of the file, which paths count from; null where there is none
   * @param line from 1; 0 for no line
   */
  record Place(String source, Path folder, int line) {
    static final Place NONE = new Place(null, null, 0);

    /** What a sentence about a setting of this place begins with. */
    String prefix() {
      return source == null ? "" : source + ": " + (line > 0 ? "line " + line + ": " : "");
    }
  }

  private Places(Place whole, NavigableMap<String, Place> keys) {
    this.whole = whole;
    this.keys = keys;
  }

  /** Of settings that were not read from lines of a file. */
  public static Places of(String source) {
    return new Places(new Place(source, null, 0), new TreeMap<>());
  }

  /**
   * Of a file's settings.
   *
   * @param source what it is called
   * @param lines of its settings
   * @param folder of it
   */
  public static Places of(String source, Map<String, Integer> lines, Path folder) {
    NavigableMap<String, Place> keys = new TreeMap<>();
    lines.forEach((key, line) -> keys.put(key, new Place(source, folder, line)));
    keys.remove(""); // the whole
    return new Places(new Place(source, folder, 0), keys);
  }

  /** What all of it is called. */
  public String source() {
    return whole.source;
  }

  /** The folder that paths count from; null where there is none. */
  public Path folder() {
    return whole.folder;
  }

  /** These places where another file's settings lie over them. */
  public Places under(Places over) {
    NavigableMap<String, Place> both = new TreeMap<>(keys);
    both.putAll(over.keys);
    return new Places(new Place(whole.source + " + " + over.whole.source, whole.folder, 0), both);
  }

  /** These places where one setting and all within it come from elsewhere. */
  public Places with(String path, String origin) {
    NavigableMap<String, Place> changed = new TreeMap<>(keys);
    changed.keySet().removeIf(key -> within(key, path));
    changed.put(path, new Place(origin, place(path).folder, 0));
    return new Places(whole, changed);
  }

  /** What a sentence about a setting begins with: where it was written. */
  public String at(String path) {
    return place(path).prefix();
  }

  /** Puts settings in the order that they were written in. */
  public Comparator<String> order() {
    return Comparator.comparing((String path) -> place(path).source)
        .thenComparingInt(path -> place(path).line);
  }

  /** Of a setting itself; else of one in it, for that is why it is there; else of what holds it. */
  Place place(String path) {
    Place exact = keys.get(path);
    if (exact != null) {
      return exact;
    }
    String below = keys.ceilingKey(path);
    if (below != null && within(below, path)) {
      return keys.get(below);
    }
    for (int end = end(path); end > 0; end = end(path.substring(0, end))) {
      Place above = keys.get(path.substring(0, end));
      if (above != null) {
        return above;
      }
    }
    return whole;
  }

  /** Where the last step of a path begins. */
  private static int end(String path) {
    return Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
  }

  private static boolean within(String path, String section) {
    return path.startsWith(section)
        && (path.length() == section.length() || ".[".indexOf(path.charAt(section.length())) >= 0);
  }
}
