package org.descry.model;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/** The learning rates of a network's updaters. */
public final class LearningRates {
  private LearningRates() {}

  /**
   * Sets one schedule for every parameter, in place of rates and schedules; the updaters' state
   * stays.
   */
  public static void set(ComputationGraph network, ISchedule schedule) {
    set(network, Double.NaN, schedule);
  }

  /**
   * Sets one learning rate for every parameter, in place of rates and schedules; the updaters'
   * state stays. {@code ComputationGraph.setLearningRate} reaches DL4J's own layers alone and
   * passes over SameDiff layers, Descry's among them, without a word.
   */
  public static void set(ComputationGraph network, double rate) {
    set(network, rate, null);
  }

  /** Multiplies the learning rate of every parameter, which then stays as it is. */
  public static void scale(ComputationGraph network, double factor) {
    for (IUpdater updater : updaters(network)) {
      updater.setLrAndSchedule(factor * updater.getLearningRate(0, 0), null);
    }
  }

  /**
   * The rate of a step.
   *
   * @param iteration of the step, 0 for the first
   * @param epoch of the step, 0 for the first
   * @return NaN if nothing is trained
   */
  public static double at(ComputationGraph network, int iteration, int epoch) {
    for (UpdaterBlock block : network.getUpdater().getUpdaterBlocks()) {
      IUpdater updater = updater(block.getLayersAndVariablesInBlock().get(0));
      if (updater.hasLearningRate()) {
        return updater.getLearningRate(iteration, epoch);
      }
    }
    return Double.NaN;
  }

  private static IUpdater updater(UpdaterBlock.ParamState param) {
    return param.getLayer().getConfig().getUpdaterByParam(param.getParamName());
  }

  private static void set(ComputationGraph network, double rate, ISchedule schedule) {
    for (IUpdater updater : updaters(network)) {
      updater.setLrAndSchedule(rate, schedule);
    }
  }

  /** Those that have a learning rate, each once. */
  private static Set<IUpdater> updaters(ComputationGraph network) {
    Set<IUpdater> updaters = Collections.newSetFromMap(new IdentityHashMap<>());
    for (UpdaterBlock block : network.getUpdater().getUpdaterBlocks()) {
      for (UpdaterBlock.ParamState param : block.getLayersAndVariablesInBlock()) {
        if (updater(param).hasLearningRate()) {
          updaters.add(updater(param));
        }
      }
    }
    return updaters;
  }
}
