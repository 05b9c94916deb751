package org.descry.sweep.arbiter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.SimpleBounds;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.apache.commons.math3.random.JDKRandomGenerator;
import org.descry.sweep.space.JobSpace;

/**
 * CMA-ES (Hansen and Ostermeier, "Completely Derandomized Self-Adaptation in Evolution Strategies",
 * Evolutionary Computation 9, 2001), for scales rather than choices: generations drawn from a
 * normal distribution that turns and stretches towards the better half of each.
 *
 * <p>Commons Math's optimiser asks for the value of each point at once. It is therefore run anew
 * for each proposal, through all that is known, up to the first point that is not.
 */
final class CmaEs extends Proposer {
  private static final double WIDTH = 0.3;

  /** Points without a new one after which it begins anew elsewhere. */
  private static final int PATIENCE = 500;

  private static final int MOST_STARTS = 20;

  private final long seed;
  private final int dimensions;
  private final SplittableRandom random;
  private final Map<Map<String, JsonNode>, Double> costs = new HashMap<>();
  private final Map<Integer, Map<String, JsonNode>> pending = new HashMap<>();
  private double[] first;
  private double firstCost = Double.POSITIVE_INFINITY;
  private double[] next;
  private boolean spent;

  /** The way out of the optimiser: with a new point, or with none before more is told. */
  private static final class Pause extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient double[] point;

    Pause(double[] point) {
      super(null, null, false, false);
      this.point = point;
    }
  }

  CmaEs(JobSpace space, long seed) {
    super(space);
    this.seed = seed;
    dimensions = space.numParameters();
    random = new SplittableRandom(seed);
    first = new double[dimensions];
    Arrays.fill(first, 0.5);
  }

  @Override
  void begun(int number, Map<String, JsonNode> settings) {
    pending.put(number, settings);
    next = null;
  }

  /** Costs of the first time, after equally many epochs for all. */
  @Override
  void tell(Observation observation) {
    pending.remove(observation.number());
    double cost = observation.failed() ? Double.NaN : observation.costs()[0];
    costs.putIfAbsent(observation.settings(), cost);
    if (observation.number() < 0 && cost < firstCost) { // of an earlier sweep: begin at the best
      firstCost = cost;
      first = space().places(observation.settings()).orElseThrow();
      for (int i = 0; i < first.length; i++) {
        first[i] = Double.isNaN(first[i]) ? 0.5 : first[i];
      }
    }
    next = null;
  }

  @Override
  boolean isReady() {
    if (next == null) {
      next = search();
    }
    return next != null;
  }

  @Override
  double[] propose() {
    double[] point = isReady() ? next : random.doubles(dimensions).toArray();
    next = null;
    return point;
  }

  /** The next point; null if it depends on candidates that are under way. */
  private double[] search() {
    for (int start = 0; !spent && dimensions > 0 && start < MOST_STARTS; start++) {
      try {
        optimise(start);
      } catch (Pause e) {
        return e.point;
      } catch (TooManyEvaluationsException e) {
        continue; // nothing new here
      }
    }
    spent = true;
    return random.doubles(dimensions).toArray();
  }

  private void optimise(int start) {
    int population = 4 + (int) (3 * Math.log(dimensions));
    JDKRandomGenerator generator = new JDKRandomGenerator();
    generator.setSeed(new SplittableRandom(seed + start).nextLong());
    double[] from =
        start == 0 ? first : new SplittableRandom(seed - start).doubles(dimensions).toArray();
    double[] widths = new double[dimensions];
    double[] ones = new double[dimensions];
    Arrays.fill(widths, WIDTH);
    Arrays.fill(ones, 1);
    new CMAESOptimizer(
            Integer.MAX_VALUE, Double.NEGATIVE_INFINITY, true, 0, 0, generator, false, null)
        .optimize(
            new MaxEval(costs.size() + pending.size() + PATIENCE),
            new ObjectiveFunction(new Replay(population)::cost),
            GoalType.MINIMIZE,
            new InitialGuess(from),
            new SimpleBounds(new double[dimensions], ones),
            new CMAESOptimizer.Sigma(widths),
            new CMAESOptimizer.PopulationSize(population));
  }

  /** Answers with what is known, generation by generation. */
  private final class Replay {
    private final int population;
    private int asked;
    private boolean waits;

    Replay(int population) {
      this.population = population;
    }

    /**
     * The first point is the guess, then come the generations: within one, no point depends on the
     * costs of the others.
     */
    double cost(double[] point) {
      if (asked++ % population == 1 && waits) {
        throw new Pause(null);
      }
      Map<String, JsonNode> settings = space().getValue(point);
      if (!space().accepts(settings)) {
        return worst();
      }
      Double cost = costs.get(settings);
      if (cost == null && !pending.containsValue(settings)) {
        throw new Pause(point.clone());
      }
      waits |= cost == null;
      return cost == null || cost.isNaN() ? worst() : cost;
    }

    /** Worse than all: what failed or breaks a constraint. */
    private double worst() {
      return costs.values().stream()
          .filter(cost -> !cost.isNaN())
          .mapToDouble(cost -> cost + Math.max(1, Math.abs(cost)))
          .max()
          .orElse(0);
    }
  }
}
