package org.descry.archive;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.io.IoErrors;
import org.descry.io.Json;

/**
 * A model zip from anybody, open to be read: its entries are those of the list, each with the
 * digest that the zip records, and each is read once.
 */
final class SealedZip {
  private static final ObjectReader STRICT =
      Json.MAPPER
          .reader()
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final long LARGEST_DIGESTS = 1 << 16;

  /** Room for a vocabulary of a million words. */
  private static final long LARGEST_MANIFEST = 32 << 20;

  private static final long LARGEST_SELF_TEST = 256 << 20;

  private final Path file;
  private final ZipContent zip;
  private final Map<String, String> digests;

  private SealedZip(Path file, ZipContent zip) throws IOException {
    this.file = file;
    this.zip = zip;
    EntryList.MODEL.requireAll(file, zip.names());
    digests =
        json(
            ModelArchive.CHECKSUMS,
            zip.read(ModelArchive.CHECKSUMS, LARGEST_DIGESTS),
            new TypeReference<>() {});
  }

  /** Uses an open zip. */
  interface Use<T> {
    T of(SealedZip zip) throws IOException;
  }

  /**
   * @param file what the zip is called in messages
   * @param stored where it lies
   * @throws DescryException if the file is missing, is no zip, or as {@code use}
   */
  static <T> T read(Path file, Path stored, Use<T> use) {
    try (ZipContent zip = ZipContent.open(file, stored)) {
      return use.of(new SealedZip(file, zip));
    } catch (IOException e) {
      throw Refusal.of(file, e, "cannot be read: %s.", IoErrors.of(e));
    }
  }

  /** Whether what it says of itself, its manifest and its configuration, are of so many bytes. */
  boolean isAtMost(long bytes) {
    return Stream.of(ModelArchive.MANIFEST, EntryList.CONFIGURATION)
        .allMatch(name -> zip.size(name) <= bytes);
  }

  /**
   * The manifest, after a check that the entries are those of its format.
   *
   * @throws DescryException if it is damaged, of a later format, lacks something, or an entry is
   *     missing or too many
   */
  Manifest manifest() throws IOException {
    requireEntries();
    Manifest manifest =
        json(
            ModelArchive.MANIFEST,
            verified(ModelArchive.MANIFEST, LARGEST_MANIFEST),
            new TypeReference<>() {});
    if (manifest.kind() == null) {
      throw Refusal.of(
          file,
          "%s names no kind of model; expected one written by Descry.",
          ModelArchive.MANIFEST);
    }
    if (manifest.format() > Manifest.FORMAT) {
      throw Refusal.of(
          file,
          "was written by a later version (format %s); this one reads format %s.",
          manifest.format(),
          Manifest.FORMAT);
    }
    EntryList.MODEL.refuseOthers(file, zip.names());
    List<String> missing = manifest.missing();
    if (!missing.isEmpty()) {
      throw Refusal.of(
          file,
          "%s has no %s; expected what a %s needs.",
          ModelArchive.MANIFEST,
          String.join(", ", missing),
          Refusal.quoted(manifest.kind()));
    }
    return manifest;
  }

  /**
   * @throws DescryException as {@link NetworkReader#read}, or if an entry is damaged
   */
  ComputationGraph network() throws IOException {
    return NetworkReader.read(file, zip, this::verified, KnownTypes.MODEL);
  }

  /**
   * The network's configuration alone. Touches nothing that needs the engine.
   *
   * @throws DescryException if the entry is damaged or no configuration
   */
  ComputationGraphConfiguration configuration() throws IOException {
    return NetworkReader.configuration(file, this::verified, KnownTypes.MODEL);
  }

  /** Null where there is none. */
  SelfTest selfTest() throws IOException {
    return zip.names().contains(ModelArchive.SELF_TEST)
        ? json(
            ModelArchive.SELF_TEST,
            verified(ModelArchive.SELF_TEST, LARGEST_SELF_TEST),
            new TypeReference<>() {})
        : null;
  }

  private void requireEntries() {
    Set<String> listed = new HashSet<>(digests.keySet());
    for (String name : zip.names()) {
      if (!name.equals(ModelArchive.CHECKSUMS) && !listed.remove(name)) {
        throw Refusal.of(
            file,
            "%s has no digest of %s; expected one each.",
            ModelArchive.CHECKSUMS,
            Refusal.quoted(name));
      }
    }
    if (!listed.isEmpty()) {
      throw Refusal.of(
          file,
          "has no %s; expected what %s lists.",
          Refusal.quoted(listed.iterator().next()),
          ModelArchive.CHECKSUMS);
    }
  }

  private byte[] verified(String name, long limit) throws IOException {
    byte[] content = zip.read(name, limit);
    if (!ModelArchive.sha256(content).equals(digests.get(name))) {
      throw Refusal.of(file, "%s is damaged: its SHA-256 differs from the recorded.", name);
    }
    return content;
  }

  private <T> T json(String name, byte[] content, TypeReference<T> type) throws IOException {
    try {
      T read = STRICT.forType(type).readValue(content);
      if (read == null) {
        throw Refusal.of(file, "%s holds null; expected JSON that Descry wrote.", name);
      }
      return read;
    } catch (JsonProcessingException e) {
      throw Refusal.of(
          file,
          e,
          "%s cannot be read: %s; expected JSON that Descry wrote.",
          name,
          Refusal.quoted(Json.reason(e)));
    }
  }
}
