package org.descry.serve.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.descry.serve.Refused;

/** All versions of all models, by name and number. Its owner guards it. */
final class Slots {
  private final NavigableMap<String, NavigableMap<Long, Slot>> slots = new TreeMap<>();

  Stream<Slot> all() {
    return slots.values().stream().flatMap(versions -> versions.values().stream());
  }

  List<String> names() {
    return List.copyOf(slots.keySet());
  }

  /**
   * Takes in what files there are now.
   *
   * @return those whose files are gone
   */
  List<Slot> update(List<Source> found) {
    List<Slot> gone =
        all().filter(slot -> found.stream().noneMatch(slot.source::isSameVersion)).toList();
    slots.values().forEach(versions -> versions.values().removeAll(gone));
    slots.values().removeIf(Map::isEmpty);
    for (Source source : found) {
      Slot slot =
          slots
              .computeIfAbsent(source.model(), name -> new TreeMap<>())
              .computeIfAbsent(source.version(), version -> new Slot(source));
      if (!slot.source.equals(source)) {
        slot.changed(source);
      }
    }
    return gone;
  }

  /** A version that is to be loaded: one whose file is another, or the newest; null if none is. */
  Slot due(String name) {
    for (Slot slot : slots.get(name).descendingMap().values()) {
      if (slot.problem == null) {
        if (slot.stale() || !slot.usable()) {
          return slot;
        }
        return slots.get(name).values().stream()
            .filter(other -> other.problem == null && other.stale())
            .findFirst()
            .orElse(null);
      }
    }
    return null;
  }

  /** The versions before this one, where it is the newest of its model; none otherwise. */
  List<Slot> supersededBy(Slot slot) {
    NavigableMap<Long, Slot> versions = slots.get(slot.source.model());
    return versions != null && versions.lastEntry().getValue() == slot
        ? List.copyOf(versions.headMap(slot.source.version()).values())
        : List.of();
  }

  /**
   * The other loaded models that have to go, unused longest first.
   *
   * @param room bytes that the parameters of those that stay may take
   */
  List<Slot> inTheWay(Slot slot, long room) {
    List<Slot> others =
        new ArrayList<>(all().filter(other -> other != slot && other.model != null).toList());
    others.sort(Comparator.comparingLong((Slot other) -> other.used - slot.used));
    long taken = others.stream().mapToLong(other -> other.model.bytes()).sum();
    List<Slot> gone = new ArrayList<>();
    for (Slot other : others) {
      if (taken <= room) {
        break;
      }
      taken -= other.model.bytes();
      gone.add(other);
    }
    return gone;
  }

  /**
   * @param version null for the newest that works
   * @throws Refused if there is no such model
   */
  Slot find(String name, String version) {
    NavigableMap<Long, Slot> versions = slots.get(name);
    if (versions == null) {
      throw new Refused(
          404, "There is no such model; expected one of %s.".formatted(slots.keySet()));
    }
    Stream<Predicate<Slot>> rules =
        version == null
            ? Stream.of(known -> known.model != null, known -> known.problem == null, known -> true)
            : Stream.of(known -> version.equals(Long.toString(known.source.version())));
    return rules
        .flatMap(rule -> versions.descendingMap().values().stream().filter(rule))
        .findFirst()
        .orElseThrow(
            () ->
                new Refused(
                    404,
                    "There is no such version of %s; expected one of %s."
                        .formatted(name, versions.keySet())));
  }

  /** The versions of a model, newest first. */
  List<String> versions(String name) {
    NavigableMap<Long, Slot> versions = slots.getOrDefault(name, new TreeMap<>());
    return versions.descendingKeySet().stream().map(String::valueOf).toList();
  }

  /** All models and what has become of them, to be written as JSON. */
  List<Map<String, Object>> described() {
    List<Map<String, Object>> all = new ArrayList<>();
    slots.forEach(
        (name, versions) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("name", name);
          one.put(
              "versions", versions.descendingMap().values().stream().map(Slot::described).toList());
          all.add(one);
        });
    return all;
  }
}
