package org.descry.kind;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.EpochBatches;
import org.descry.job.Job;
import org.descry.model.NetworkModel;
import org.descry.train.Networks;
import org.descry.train.Task;

/**
 * What the kinds' tasks share: a job and the network that is made for it.
 *
 * @param <M> what the network is made of
 */
public abstract class JobTask<M extends NetworkModel> implements Task {
  protected final Job job;
  private M model;
  private ComputationGraph network;

  protected JobTask(Job job) {
    this.job = job;
  }

  /**
   * Makes the network, once the data are there.
   *
   * @param examples number of the training part's
   */
  protected final void make(M described, int examples) {
    model = described;
    Networks.requireMemory(job, model, Math.min(batchSize(), examples));
    network = Networks.create(job, model, trainBatches());
  }

  /** The training part from its first batch on. */
  protected abstract EpochBatches trainBatches();

  protected final int batchSize() {
    return job.training().batchSize();
  }

  @Override
  public final ComputationGraph network() {
    return network;
  }

  @Override
  public final M model() {
    return model;
  }
}
