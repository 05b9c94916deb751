package org.descry.kind;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.job.Job;
import org.descry.train.Task;
import org.descry.train.step.Batches;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A job's network before its first step, and a few of its training examples.
 *
 * @param network with its initial parameters
 * @param batch the examples as the network reads them
 */
public record JobSample(ComputationGraph network, MultiDataSet batch) {
  /**
   * @throws org.descry.DescryException if the data cannot be read, or the model does not fit it
   */
  public static JobSample of(Job job, int examples) {
    Task task = Kinds.load(job, new Task.Limits(examples));
    try (Batches batches = task.batches()) {
      batches.start(Batches.Position.startOf(0));
      return new JobSample(task.network(), batches.next());
    }
  }
}
