package org.descry.archive;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.descry.DescryException;

/**
 * The entries that a zip of some kind has. A later version adds its own by name; whatever is not
 * listed is refused, since another reader could give it a meaning.
 *
 * @param required those without which there is no model
 * @param optional those that may be left out
 */
record EntryList(List<String> required, List<String> optional) {
  static final String CONFIGURATION = "configuration.json";
  static final String COEFFICIENTS = "coefficients.bin";
  static final String UPDATER = "updaterState.bin";

  /** Descry's model zips, format 1. */
  static final EntryList MODEL =
      new EntryList(
          List.of(ModelArchive.CHECKSUMS, ModelArchive.MANIFEST, CONFIGURATION, COEFFICIENTS),
          List.of(UPDATER, ModelArchive.SELF_TEST));

  /** Networks of DL4J's own layers, as exports. */
  static final EntryList STOCK =
      new EntryList(
          List.of(CONFIGURATION, COEFFICIENTS), List.of(NetworkZip.LABELS, ModelArchive.SELF_TEST));

  /**
   * @throws DescryException if an entry is missing
   */
  void requireAll(Path file, Set<String> names) {
    for (String name : required) {
      if (!names.contains(name)) {
        throw Refusal.of(file, "has no %s; expected a model zip written by Descry.", name);
      }
    }
  }

  /**
   * @throws DescryException if there is an entry too many
   */
  void refuseOthers(Path file, Set<String> names) {
    List<String> known = new ArrayList<>(required);
    known.addAll(optional);
    for (String name : names) {
      if (!known.contains(name)) {
        throw Refusal.of(
            file,
            "holds %s, which Descry never writes; expected only %s.",
            Refusal.quoted(name),
            String.join(", ", known));
      }
    }
  }
}
