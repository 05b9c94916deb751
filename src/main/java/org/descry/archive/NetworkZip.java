package org.descry.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.descry.DescryException;
import org.descry.io.IoErrors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's model zip entry by entry, so that others can be added; DL4J reads over those. */
public final class NetworkZip {
  /** The names of a stock network's outputs: a JSON array of strings, indexed by output. */
  public static final String LABELS = "descry/labels.json";

  private NetworkZip() {}

  /**
   * Reads a network of DL4J's own layers without its updater's state, as an export leaves it.
   *
   * @throws DescryException if the file is no such zip, holds more, or is damaged
   */
  public static ComputationGraph readStock(Path file) {
    try (ZipContent zip = ZipContent.open(file, file)) {
      EntryList.STOCK.requireAll(file, zip.names());
      EntryList.STOCK.refuseOthers(file, zip.names());
      return NetworkReader.read(file, zip, zip::read, KnownTypes.STOCK);
    } catch (IOException e) {
      throw Refusal.of(file, e, "cannot be read: %s.", IoErrors.of(e));
    }
  }

  /**
   * Reads the parameters of a network whose layers may be anybody's: the file is asked for them
   * alone.
   *
   * @param like a network of the same configuration, which stays as it is
   * @throws DescryException if the file is no such zip, or holds others
   */
  public static ComputationGraph read(Path file, ComputationGraph like) {
    INDArray params = like.params();
    try (ZipContent zip = ZipContent.open(file, file)) {
      String name = EntryList.COEFFICIENTS;
      StoredArray.requireRoom(zip, file, name, params.length(), params.dataType());
      byte[] content = zip.read(name, Integer.MAX_VALUE);
      INDArray read = StoredArray.read(content, params.length(), params.dataType());
      ComputationGraph network = new ComputationGraph(like.getConfiguration().clone());
      network.init(read.reshape(params.shape()), false);
      return network;
    } catch (IOException e) {
      throw Refusal.of(
          file, e, "cannot be read: %s; expected the network's parameters.", IoErrors.of(e));
    }
  }

  /**
   * What {@link ModelSerializer} writes, in its order; entries may be added. Made without it: it
   * packs what would have to be unpacked.
   *
   * @param updater whether the updater's state, which only a training that goes on needs, is in it
   */
  public static Map<String, byte[]> entries(ComputationGraph network, boolean updater)
      throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(
        ModelSerializer.CONFIGURATION_JSON,
        network.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8));
    entries.put(ModelSerializer.COEFFICIENTS_BIN, StoredArray.write(network.params()));
    INDArray state = updater ? network.getUpdater().getStateViewArray() : null;
    if (state != null) {
      entries.put(ModelSerializer.UPDATER_BIN, StoredArray.write(state));
    }
    return entries;
  }

  /**
   * Writes a zip whose entries carry no time, so that equal models are equal files. Does not close
   * the stream.
   *
   * @throws IOException if the stream refuses
   */
  public static void write(Map<String, byte[]> entries, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setLevel(Deflater.BEST_SPEED); // parameters hardly shrink, however long it tries
    for (Map.Entry<String, byte[]> content : entries.entrySet()) {
      ZipEntry entry = new ZipEntry(content.getKey());
      entry.setTime(0);
      zip.putNextEntry(entry);
      zip.write(content.getValue());
      zip.closeEntry();
    }
    zip.finish();
  }
}
