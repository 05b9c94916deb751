package org.descry.replay;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;

/** Whom a step tells. */
final class Listeners {
  /** Whether a listener of this class hears of nothing that a recorded step does not tell. */
  private static final ClassValue<Boolean> OF_STEPS =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return !overrides(type, "onForwardPass", Model.class, Map.class)
              && (GradientListener.class.isAssignableFrom(type)
                  || !overrides(type, "onGradientCalculation", Model.class))
              && !overrides(type, "onBackwardPass", Model.class);
        }
      };

  /** Whether a listener of this class hears of the end of a step. */
  private static final ClassValue<Boolean> OF_ENDS =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return overrides(type, "iterationDone", Model.class, int.class, int.class);
        }
      };

  private Listeners() {}

  private static boolean overrides(Class<?> type, String method, Class<?>... parameters) {
    try {
      return type.getMethod(method, parameters).getDeclaringClass() != BaseTrainingListener.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e); // the interface has it
    }
  }

  /** The first that wants to see activations or gradients on their way, or null. */
  static TrainingListener ofPasses(ComputationGraph network) {
    for (TrainingListener listener : network.getListeners()) {
      if (!OF_STEPS.get(listener.getClass())) {
        return listener;
      }
    }
    return null;
  }

  /** Whether one may look at what a step has subtracted, which DL4J leaves in the gradients. */
  static boolean ofSteps(ComputationGraph network) {
    for (TrainingListener listener : network.getListeners()) {
      if (OF_ENDS.get(listener.getClass())) {
        return true;
      }
    }
    return false;
  }

  /** The gradients are there. */
  static void gradientsDone(ComputationGraph network) {
    for (TrainingListener listener : network.getListeners()) {
      if (listener instanceof GradientListener) {
        listener.onGradientCalculation(network);
      }
    }
  }

  static void stepDone(ComputationGraph network) {
    Collection<TrainingListener> listeners = network.getListeners();
    for (TrainingListener listener : listeners) {
      listener.iterationDone(network, network.getIterationCount(), network.getEpochCount());
    }
  }
}
