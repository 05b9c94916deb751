package org.descry.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.longer.MatchCondition;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Conditions;

/**
 * Builds a network from the entries of a zip. DL4J sees the configuration that was looked through
 * and arrays of the lengths that it asks for; never the file, whose local headers its own reader
 * follows one after another, and of which it deserialises what is named {@code preprocessor.bin}.
 */
final class NetworkReader {
  /** Room for a thousand vertices; real networks need a hundredth. */
  private static final long LARGEST_CONFIGURATION = 8 << 20;

  private final Path file;
  private final ComputationGraphConfiguration configuration;
  private final DataType type;
  private final ParameterCount count;

  private NetworkReader(Path file, NetworkJson json) {
    this.file = file;
    type = json.isDouble() ? DataType.DOUBLE : DataType.FLOAT;
    configuration = json.read();
    count = attempt(() -> ParameterCount.of(configuration));
  }

  /** Unpacks an entry of at most so many bytes, and checks it. */
  interface Entries {
    byte[] read(String name, long limit) throws IOException;
  }

  /**
   * Reads configuration, parameters and, where there is one, the updater's state.
   *
   * @throws DescryException if an entry is not what the configuration asks for, or DL4J cannot make
   *     a network of it
   * @throws IOException if the file cannot be read
   */
  static ComputationGraph read(Path file, ZipContent zip, Entries entries, KnownTypes types)
      throws IOException {
    NetworkReader reader = new NetworkReader(file, json(file, entries, types));
    INDArray params = reader.array(zip, entries, EntryList.COEFFICIENTS, reader.count.parameters());
    INDArray state =
        zip.names().contains(EntryList.UPDATER)
            ? reader.array(zip, entries, EntryList.UPDATER, reader.count.state())
            : null;
    reader.requireFinite(params);
    return reader.network(params, state);
  }

  /**
   * Reads the configuration alone, as {@link #read}, without an array of ND4J's.
   *
   * @throws DescryException if it is none
   */
  static ComputationGraphConfiguration configuration(Path file, Entries entries, KnownTypes types)
      throws IOException {
    return json(file, entries, types).read();
  }

  private static NetworkJson json(Path file, Entries entries, KnownTypes types) throws IOException {
    return new NetworkJson(
        file, entries.read(EntryList.CONFIGURATION, LARGEST_CONFIGURATION), types);
  }

  private INDArray array(ZipContent zip, Entries entries, String name, long values)
      throws IOException {
    StoredArray.requireRoom(zip, file, name, values, type);
    byte[] content = entries.read(name, Integer.MAX_VALUE);
    try {
      return StoredArray.read(content, values, type);
    } catch (IOException e) {
      throw Refusal.of(
          file,
          e,
          "%s holds %s; expected the %,d values of %s that %s asks for.",
          name,
          e.getMessage() == null ? "a cut header" : e.getMessage(),
          values,
          type,
          EntryList.CONFIGURATION);
    }
  }

  private void requireFinite(INDArray params) {
    long broken =
        Nd4j.getExecutioner().exec(new MatchCondition(params, Conditions.notFinite())).getLong(0);
    if (broken > 0) {
      throw Refusal.of(
          file,
          "%s of the network's %s parameters are NaN or infinite; expected a trained model.",
          broken,
          params.length());
    }
  }

  private ComputationGraph network(INDArray params, INDArray state) {
    return attempt(
        () -> {
          configuration.setDataType(type);
          ComputationGraph network = new ComputationGraph(configuration);
          network.init(params, false);
          if (state != null) {
            network.getUpdater().setStateViewArray(state);
          }
          return network;
        });
  }

  private <T> T attempt(Supplier<T> step) {
    try {
      return step.get();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      throw Refusal.of(file, e, "DL4J cannot restore the network: %s.", Refusal.quoted(e));
    }
  }
}
