package org.descry.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.engine.Engine;
import org.descry.io.Json;

/**
 * A trained network and its manifest in one zip: DL4J's own, as {@link ModelSerializer} writes it
 * and {@link ComputationGraph#load} reads it, with three entries more: {@value #MANIFEST}, {@value
 * #SELF_TEST}, and {@value #CHECKSUMS} with the SHA-256 of each other entry. All are JSON, so that
 * other programs can read them and reading them runs no code.
 *
 * @param network the network, ready to use
 * @param manifest what the zip says of it
 * @param selfTest what the network answered when its zip was written; null where there is none
 */
public record ModelArchive(ComputationGraph network, Manifest manifest, SelfTest selfTest) {
  static final String MANIFEST = "descry/manifest.json";

  /** A {@link SelfTest}. */
  public static final String SELF_TEST = "descry/selftest.json";

  static final String CHECKSUMS = "descry/sha256.json";

  /** A network that has just been made or changed. */
  public ModelArchive(ComputationGraph network, Manifest manifest) {
    this(network, manifest, null);
  }

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
    if (!manifest.kind().equals(Manifest.NETWORK)) {
      entries.put(SELF_TEST, bytes(SelfTest.of(manifest, network)));
    }
    Map<String, String> checksums = new TreeMap<>();
    entries.forEach((name, content) -> checksums.put(name, sha256(content)));
    entries.put(CHECKSUMS, bytes(checksums));
    NetworkZip.write(entries, out);
  }

  /**
   * Reads a model zip and checks it in full: entries, digests, the network's classes and sizes, its
   * parameters, and whether the manifest fits the network. Starts the engine, unless it runs
   * already. Nothing in the file is deserialised by Java.
   *
   * @throws DescryException if the engine cannot start, if the file is missing, is no zip, is
   *     damaged, holds what Descry never writes, is no Descry model, does not fit together, or
   *     holds parameters that are not finite
   */
  public static ModelArchive read(Path file) {
    return read(file, file);
  }

  /**
   * As {@link #read(Path)}, of what a stream holds up to its end, in a temporary file.
   *
   * @param name what the model is called in messages
   */
  public static ModelArchive read(Path name, InputStream in) {
    return TemporaryZip.use(name, in, stored -> read(name, stored));
  }

  private static ModelArchive read(Path file, Path stored) {
    return SealedZip.read(
        file,
        stored,
        zip -> {
          Manifest manifest = zip.manifest();
          Engine.start();
          ComputationGraph network = zip.network();
          ManifestCheck.of(file, manifest, network);
          return new ModelArchive(network, manifest, zip.selfTest());
        });
  }

  /**
   * As {@link #read(Path)}.
   *
   * @param kind that the model has to be of
   * @throws DescryException if the model is of another kind, too
   */
  public static ModelArchive read(Path file, ModelKind kind) {
    ModelArchive archive = read(file);
    if (!archive.manifest.kind().equals(kind.toString())) {
      throw new DataException(
          "%s is a %s; expected a %s.".formatted(file, archive.manifest.kind(), kind));
    }
    return archive;
  }

  /**
   * Reads only the manifest, after a check of the zip's entries and of the manifest's digest.
   *
   * @throws DescryException as {@link #read}, but for the network
   */
  public static Manifest readManifest(Path file) {
    return SealedZip.read(file, file, SealedZip::manifest);
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
