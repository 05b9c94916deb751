package org.descry.bench;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What one JVM measured for one workload. It travels to the launcher as a properties file, because
 * peers share no libraries.
 *
 * @param engine name and version of what computed
 * @param medianMs median milliseconds of a step
 * @param minMs the fastest step
 * @param p90Ms nine steps of ten were at least as fast
 * @param steps number of steps behind these
 * @param clean whether other processes kept quiet meanwhile
 * @param firstLoss loss of the very first step, NaN for a workload without one
 * @param lastLoss loss of the last step
 * @param offHeapBytesPerStep native memory that a step of the steady state allocates
 * @param firstStepMs how long the very first step took, with whatever is made ready in it
 * @param peakResidentMb the most memory that the process had at once, in MB; 0 where unknown
 */
public record Measurement(
    String engine,
    double medianMs,
    double minMs,
    double p90Ms,
    int steps,
    boolean clean,
    double firstLoss,
    double lastLoss,
    double offHeapBytesPerStep,
    double firstStepMs,
    double peakResidentMb) {

  private static final String OBSTACLE = "obstacle";

  /** In place of a measurement: why there is none. */
  static void writeObstacle(String obstacle, Path file) throws IOException {
    Properties fields = new Properties();
    fields.setProperty(OBSTACLE, obstacle);
    store(fields, file);
  }

  /** Why the file holds no measurement; null if it does. */
  static String readObstacle(Path file) throws IOException {
    return load(file).getProperty(OBSTACLE);
  }

  private static void store(Properties fields, Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      fields.store(out, null);
    }
  }

  private static Properties load(Path file) throws IOException {
    Properties fields = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      fields.load(in);
    }
    return fields;
  }

  void write(Path file) throws IOException {
    Properties fields = new Properties();
    fields.setProperty("engine", engine);
    fields.setProperty("medianMs", Double.toString(medianMs));
    fields.setProperty("minMs", Double.toString(minMs));
    fields.setProperty("p90Ms", Double.toString(p90Ms));
    fields.setProperty("steps", Integer.toString(steps));
    fields.setProperty("clean", Boolean.toString(clean));
    fields.setProperty("firstLoss", Double.toString(firstLoss));
    fields.setProperty("lastLoss", Double.toString(lastLoss));
    fields.setProperty("offHeapBytesPerStep", Double.toString(offHeapBytesPerStep));
    fields.setProperty("firstStepMs", Double.toString(firstStepMs));
    fields.setProperty("peakResidentMb", Double.toString(peakResidentMb));
    store(fields, file);
  }

  static Measurement read(Path file) throws IOException {
    Properties fields = load(file);
    return new Measurement(
        fields.getProperty("engine"),
        Double.parseDouble(fields.getProperty("medianMs")),
        Double.parseDouble(fields.getProperty("minMs")),
        Double.parseDouble(fields.getProperty("p90Ms")),
        Integer.parseInt(fields.getProperty("steps")),
        Boolean.parseBoolean(fields.getProperty("clean")),
        Double.parseDouble(fields.getProperty("firstLoss")),
        Double.parseDouble(fields.getProperty("lastLoss")),
        Double.parseDouble(fields.getProperty("offHeapBytesPerStep")),
        Double.parseDouble(fields.getProperty("firstStepMs")),
        Double.parseDouble(fields.getProperty("peakResidentMb")));
  }
}
