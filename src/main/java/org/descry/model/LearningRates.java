package org.descry.model;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.learning.config.IUpdater;

/** The learning rates of a network's updaters. */
public final class LearningRates {
  private LearningRates() {}

  /**
   * Sets one learning rate for every parameter, in place of rates and schedules; the updaters'
   * state stays. {@code ComputationGraph.setLearningRate} reaches DL4J's own layers alone and
   * passes over SameDiff layers, Descry's among them, without a word.
   */
  public static void set(ComputationGraph network, double rate) {
    for (UpdaterBlock block : network.getUpdater().getUpdaterBlocks()) {
      for (UpdaterBlock.ParamState param : block.getLayersAndVariablesInBlock()) {
        IUpdater updater = param.getLayer().getConfig().getUpdaterByParam(param.getParamName());
        if (updater.hasLearningRate()) {
          updater.setLrAndSchedule(rate, null);
        }
      }
    }
  }
}
