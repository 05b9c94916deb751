package org.descry.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.data.Fingerprint;
import org.descry.data.Intake;
import org.descry.data.KeptData;
import org.descry.data.OnBadRecord;
import org.descry.data.Readers;
import org.descry.job.DataSettings;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Evaluation;
import org.descry.metrics.Metric;
import org.descry.model.NetworkModel;
import org.descry.replay.Group;
import org.descry.report.ReportSection;
import org.descry.train.step.Batches;

/**
 * What a kind of job does in its own way; everything else is {@link Training}'s. A task has its
 * data in memory and its network ready to train.
 */
public interface Task {
  /** Makes a task of a job. */
  @FunctionalInterface
  interface Loader {
    /**
     * @param intake stands beside those who read the data
     * @throws org.descry.DescryException if the data cannot be read, or the model does not fit it
     */
    Task load(Job job, Limits limits, Intake intake);
  }

  /** What stands beside those who read a job's data. */
  static Intake intake(DataSettings data) {
    return intake(data, new KeptData());
  }

  /** The same, where data may have been read before. */
  static Intake intake(DataSettings data, KeptData kept) {
    OnBadRecord policy = OnBadRecord.valueOf(data.onBadRecord().name());
    Group group = Group.current();
    Readers readers =
        group == null ? Readers.ALONE : new Readers(group.rank(), group.size(), group.exchange());
    return new Intake(policy, data.maxBadRecords(), kept).among(readers);
  }

  /**
   * What a job's data depend on: its settings of data, the seed and the limits.
   *
   * @param ofBatches keys of those settings that say what is done to data that have been read
   */
  static Object dataKey(Job job, Limits limits, String... ofBatches) {
    ObjectNode data = (ObjectNode) JobFile.tree(job).get("data");
    return List.of(data.remove(List.of(ofBatches)), job.seed(), limits);
  }

  /**
   * How much of its data a task is to use.
   *
   * @param examples the number of examples that each part is cut to
   */
  record Limits(int examples) {
    /** All that the job names. */
    public static final Limits NONE = new Limits(Integer.MAX_VALUE);
  }

  /** The network, from its initial parameters on. */
  ComputationGraph network();

  /** What the network was made of; null of a program's own. */
  default NetworkModel model() {
    return null;
  }

  /** What it trains on. */
  Data data();

  /**
   * The data of all parts.
   *
   * @param examples what they are called, such as {@code images}
   * @param train number of examples
   * @param validation number of examples
   * @param test number of examples
   * @param content adds all parts to a fingerprint, which is equal for equal data, wherever they
   *     lie
   * @param weights fingerprints of the trained weights that the network starts from, by the setting
   *     that names their file
   */
  record Data(
      String examples,
      int train,
      int validation,
      int test,
      Consumer<Fingerprint> content,
      Map<String, String> weights) {
    public Data {
      weights = Map.copyOf(weights);
    }

    /** Of a network that starts from no trained weights. */
    public Data(
        String examples, int train, int validation, int test, Consumer<Fingerprint> content) {
      this(examples, train, validation, test, content, Map.of());
    }

    /** The numbers of examples by part. */
    Map<String, Integer> sizes() {
      return Map.of("train", train, "validation", validation, "test", test);
    }

    /** A fingerprint of all parts. */
    public String fingerprint() {
      Fingerprint fingerprint = new Fingerprint();
      content.accept(fingerprint);
      return fingerprint.hex();
    }
  }

  /** The training part. */
  Batches batches();

  /** What the kind of job measures beside the losses. */
  List<Metric> metrics();

  /** Measures the network as it is. */
  Validation validate();

  /** What a zip of the network as it is says of itself. */
  Manifest manifest(Manifest.Provenance provenance);

  /** The best network, from the zip that it was saved in. */
  default ComputationGraph read(Path model) {
    return ModelArchive.read(model).network();
  }

  /** All that is measured after an epoch: {@link #metrics} and the losses. */
  default List<Metric> known() {
    return Stream.concat(metrics().stream(), EpochMetrics.LOSSES.stream()).toList();
  }

  /** Measures a network on the test part. */
  Test test(ComputationGraph best);

  /**
   * What is measured after an epoch.
   *
   * @param loss mean over the validation part, without the L2 penalty
   * @param scores by name, see {@link EpochMetrics#scores}
   */
  record Validation(double loss, Map<String, Double> scores) {}

  /**
   * What the best model reaches on the test part.
   *
   * @param evaluation the numbers
   * @param sections the kind's own part of the report
   */
  record Test(Evaluation evaluation, List<ReportSection> sections) {}
}
