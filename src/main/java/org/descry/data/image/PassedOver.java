package org.descry.data.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What lies in an image folder and is not read: each kind is counted, and a few are named. */
final class PassedOver {
  private static final int NAMED = 3;

  private final Path root;
  private final Map<String, List<Path>> byKind = new LinkedHashMap<>();

  PassedOver(Path root) {
    this.root = root;
  }

  /**
   * @param kind such as {@code no image}, to follow a count
   */
  void add(Path path, String kind) {
    byKind.computeIfAbsent(kind, any -> new ArrayList<>()).add(told(path));
  }

  /** In a shard of a pack, the path there. */
  private Path told(Path path) {
    return path.getFileSystem() == root.getFileSystem() ? root.relativize(path) : path;
  }

  /** A line for each kind. */
  List<String> lines() {
    return byKind.entrySet().stream()
        .map(
            kind ->
                "%s: %s (%s%s)"
                    .formatted(
                        kind.getKey(),
                        kind.getValue().size(),
                        kind.getValue().stream()
                            .limit(NAMED)
                            .map(Path::toString)
                            .collect(Collectors.joining(", ")),
                        kind.getValue().size() > NAMED ? ", ..." : ""))
        .toList();
  }
}
