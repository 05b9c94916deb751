package org.descry.train;

import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.job.Job;
import org.descry.job.JobKind;
import org.descry.metrics.EpochMetrics;

/**
 * What a kind of job does in its own way; everything else is {@link TrainingJob}'s. A task has its
 * data in memory and its network ready to train.
 */
interface Task {
  /**
   * The task of a job.
   *
   * @param atMost the number of examples that each part is cut to
   * @throws org.descry.DescryException if the data cannot be read, or the model does not fit it
   */
  static Task of(Job job, int atMost) {
    return switch (JobKind.of(job.model())) {
      case CLASSIFIER -> ClassifierTask.load(job, atMost);
      case CAPTIONER -> CaptionerTask.load(job, atMost);
      case LANGUAGE_MODEL -> LanguageTask.load(job, atMost);
    };
  }

  /** The network, from its initial parameters on. */
  ComputationGraph network();

  /** Number of examples in each part: {@code train}, {@code validation}, {@code test}. */
  Map<String, Integer> sizes();

  /** What the examples are called, such as {@code pictures}. */
  String examples();

  /** The training part. */
  Batches batches();

  /** Measures the network as it is. */
  Evaluation evaluate();

  /** What a zip of the network as it is says of itself. */
  Manifest manifest(Manifest.Provenance provenance);

  /** Measures a network on the test part. */
  Findings test(ComputationGraph best);

  /**
   * @param validationLoss mean over the validation part, without the L2 penalty
   * @param scores by name, see {@link EpochMetrics#scores}
   */
  record Evaluation(double validationLoss, Map<String, Double> scores) {}

  /** What came out on the test part, for the summary and the report. */
  interface Findings {
    Results results();

    /** Rows for the table at the top of the report, in their order: name to value. */
    Map<String, String> facts();

    /** The kind's own sections of the report, as HTML. */
    String sections();
  }
}
