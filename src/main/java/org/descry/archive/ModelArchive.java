package org.descry.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.engine.Engine;
import org.descry.io.Json;
import org.nd4j.linalg.api.ops.impl.reduce.longer.MatchCondition;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Conditions;

/**
 * A trained network and its manifest in one zip: DL4J's own, as {@link ModelSerializer} writes it
 * and {@link ComputationGraph#load} reads it, with two entries more: {@value #MANIFEST}, and
 * {@value #CHECKSUMS} with the SHA-256 of each other entry. Both are JSON, so that other programs
 * can read them and reading them runs no code.
 *
 * @param network the network, ready to use
 * @param manifest what the zip says of it
 */
public record ModelArchive(ComputationGraph network, Manifest manifest) {
  public static final String MANIFEST = "descry/manifest.json";
  public static final String CHECKSUMS = "descry/sha256.json";

  /** Entries that DL4J would read by Java serialization, which runs what the file says. */
  private static final String[] REFUSED = {"preprocessor.bin", "normalizer.bin"};

  /**
   * Writes the network with its updater's state.
   *
   * @throws IOException if the stream refuses
   */
  public void write(OutputStream out) throws IOException {
    write(out, true);
  }

  /**
   * Writes the network without its updater's state, which only a training that goes on needs.
   *
   * @throws IOException if the stream refuses
   */
  public void writeForUse(OutputStream out) throws IOException {
    write(out, false);
  }

  private void write(OutputStream out, boolean updater) throws IOException {
    Map<String, byte[]> entries = NetworkZip.entries(network, updater);
    entries.put(MANIFEST, bytes(manifest));
    Map<String, String> checksums = new TreeMap<>();
    entries.forEach((name, content) -> checksums.put(name, sha256(content)));
    entries.put(CHECKSUMS, bytes(checksums));
    NetworkZip.write(entries, out);
  }

  /**
   * Reads a model zip and checks it in full. Starts the engine, unless it runs already.
   *
   * @throws DescryException if the engine cannot start, if the file is missing, is no zip, is
   *     damaged, is no Descry model, or holds parameters that are not finite
   */
  public static ModelArchive read(Path file) {
    Engine.start();
    Manifest manifest = readManifest(file);
    ComputationGraph network = restore(file);
    long broken =
        Nd4j.getExecutioner()
            .exec(new MatchCondition(network.params(), Conditions.notFinite()))
            .getLong(0);
    if (broken > 0) {
      throw new DataException(
          "%s: %d of the network's %d parameters are NaN or infinite; expected a trained model."
              .formatted(file, broken, network.params().length()));
    }
    return new ModelArchive(network, manifest);
  }

  /**
   * Reads only the manifest, after a check of the whole file.
   *
   * @throws DescryException as {@link #read}, but for the network's parameters
   */
  public static Manifest readManifest(Path file) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; expected a model zip.");
    }
    if (!Files.isRegularFile(file)) {
      throw new DataException(file + ": no such file; expected a model zip.");
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (String refused : REFUSED) {
        if (zip.getEntry(refused) != null) {
          throw new DataException(
              file + ": holds " + refused + ", which Descry never writes; expected its own zip.");
        }
      }
      Map<String, String> expected = json(file, zip, CHECKSUMS, new TypeReference<>() {});
      requireAllListed(file, zip, expected);
      for (Map.Entry<String, String> entry : expected.entrySet()) {
        if (!sha256(content(file, zip, entry.getKey())).equals(entry.getValue())) {
          throw new DataException(
              file + ": " + entry.getKey() + " is damaged: its SHA-256 differs from the recorded.");
        }
      }
      Manifest manifest = json(file, zip, MANIFEST, new TypeReference<>() {});
      if (manifest == null || manifest.kind() == null) {
        throw new DataException(
            file + ": " + MANIFEST + " names no kind of model; expected one written by Descry.");
      }
      if (manifest.format() > Manifest.FORMAT) {
        throw new DataException(
            "%s: was written by a later version (format %d); this one reads format %d."
                .formatted(file, manifest.format(), Manifest.FORMAT));
      }
      List<String> missing = manifest.missing();
      if (!missing.isEmpty()) {
        throw new DataException(
            "%s: %s has no %s; expected what a %s needs."
                .formatted(file, MANIFEST, String.join(", ", missing), manifest.kind()));
      }
      return manifest;
    } catch (ZipException e) {
      throw new DataException(
          file + ": not a whole zip (" + e.getMessage() + "); expected a model zip.", e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private static <T> T json(Path file, ZipFile zip, String name, TypeReference<T> type)
      throws IOException {
    byte[] content = content(file, zip, name);
    try {
      return Json.MAPPER.readValue(content, type);
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s: %s cannot be read: %s; expected JSON that Descry wrote."
              .formatted(file, name, e.getOriginalMessage()),
          e);
    }
  }

  private static void requireAllListed(Path file, ZipFile zip, Map<String, String> digests) {
    zip.stream()
        .map(ZipEntry::getName)
        .filter(name -> !name.equals(CHECKSUMS))
        .filter(name -> digests == null || !digests.containsKey(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new DataException(
                  file + ": " + CHECKSUMS + " has no digest of " + name + "; expected one each.");
            });
  }

  private static ComputationGraph restore(Path file) {
    try {
      return ModelSerializer.restoreComputationGraph(file.toFile(), true);
    } catch (IOException | RuntimeException e) {
      throw new DataException(
          file + ": DL4J cannot restore the network: " + e.getMessage() + ".", e);
    }
  }

  private static byte[] content(Path file, ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new DataException(
          file + ": has no " + name + "; expected a model zip written by Descry.");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private static byte[] bytes(Object value) {
    return Json.pretty(value).getBytes(StandardCharsets.UTF_8);
  }

  /** The SHA-256 digest, in hexadecimal digits. */
  public static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
