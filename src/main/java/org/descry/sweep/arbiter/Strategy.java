package org.descry.sweep.arbiter;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.random.JDKRandomGenerator;
import org.apache.commons.math3.random.RandomGenerator;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.deeplearning4j.arbiter.optimize.generator.GeneticSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.UniformCrossover;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.parentselection.RandomTwoParentSelection;
import org.deeplearning4j.arbiter.optimize.generator.genetic.mutation.RandomMutationOperator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.population.PopulationModel;
import org.deeplearning4j.arbiter.optimize.generator.genetic.selection.GeneticSelectionOperator;
import org.descry.sweep.space.JobSpace;

/** How candidates are found. */
public enum Strategy {
  /** Drawn one by one, none depending on another. */
  RANDOM {
    public @Override CandidateGenerator generator(
        JobSpace space, long seed, ScoreFunction score, TpeSettings tpe) {
      CandidateGenerator generator = new RandomSearchGenerator(space);
      generator.setRngSeed(mixed(seed));
      return generator;
    }
  },

  /** All combinations, in an order drawn from the seed: cut short, it is spread evenly. */
  GRID {
    public @Override int draws() {
      return Integer.MAX_VALUE; // it ends by itself
    }

    public @Override CandidateGenerator generator(
        JobSpace space, long seed, ScoreFunction score, TpeSettings tpe) {
      return new ShuffledGrid(space, mixed(seed));
    }
  },

  /** Bred from the best of earlier candidates. */
  GENETIC {
    public @Override int lag() {
      return GENERATION;
    }

    public @Override CandidateGenerator generator(
        JobSpace space, long seed, ScoreFunction score, TpeSettings tpe) {
      // One generator for all of them: by default, each takes one of its own without a seed.
      RandomGenerator random = new JDKRandomGenerator();
      random.setSeed(mixed(seed));
      double oneGene = 1.0 / Math.max(1, space.numParameters());
      return new GeneticSearchCandidateGenerator.Builder(space, score)
          .populationModel(new PopulationModel.Builder().populationSize(POPULATION).build())
          .selectionOperator(
              new GeneticSelectionOperator.Builder()
                  .randomGenerator(random)
                  .crossoverOperator(
                      // Always: without a crossover, Arbiter mutates a parent's own genes.
                      new UniformCrossover.Builder()
                          .crossoverRate(1)
                          .parentSelection(new RandomTwoParentSelection(random))
                          .randomGenerator(random)
                          .build())
                  .mutationOperator(
                      new RandomMutationOperator.Builder()
                          .mutationRate(Math.min(MUTATION, oneGene))
                          .randomGenerator(random)
                          .build())
                  .build())
          .build();
    }
  },

  /** Where the best of earlier candidates are dense and the others are not: {@link Tpe}. */
  TPE {
    public @Override int lag() {
      return HALF_A_GENERATION;
    }

    public @Override CandidateGenerator generator(
        JobSpace space, long seed, ScoreFunction score, TpeSettings tpe) {
      return new Tpe(space, mixed(seed), tpe);
    }
  },

  /** Generations of a normal distribution that moves to the better half: {@link CmaEs}. */
  @JsonProperty("cma-es")
  CMA_ES {
    public @Override CandidateGenerator generator(
        JobSpace space, long seed, ScoreFunction score, TpeSettings tpe) {
      return new CmaEs(space, mixed(seed));
    }
  },

  /** Spread evenly, none depending on another: {@link Sobol}. */
  SOBOL {
    public @Override CandidateGenerator generator(
        JobSpace space, long seed, ScoreFunction score, TpeSettings tpe) {
      return new Sobol(space, mixed(seed));
    }
  };

  private static final int GENERATION = 8;
  private static final int HALF_A_GENERATION = 4;
  private static final int MOST_DRAWS = 2000;

  /** The best two thirds of it breed; until there are as many, candidates are drawn at random. */
  private static final int POPULATION = 12;

  /** Highest chance of a setting to be drawn anew. */
  private static final double MUTATION = 0.25;

  /**
   * @param tpe for that strategy
   */
  public abstract CandidateGenerator generator(
      JobSpace space, long seed, ScoreFunction score, TpeSettings tpe);

  /**
   * How many candidates before it a candidate does not depend on, so that they can be trained at
   * the same time. It is the same for any number of workers, and so are the candidates.
   */
  int lag() {
    return Integer.MAX_VALUE;
  }

  /** Whether it learns from candidates, so that those of an earlier sweep help it. */
  public boolean learns() {
    return this == GENETIC || this == TPE || this == CMA_ES;
  }

  /** As the sweep file has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Draws without anything new after which a space counts as used up. */
  int draws() {
    return MOST_DRAWS;
  }

  /** Spreads seeds, for Java's generator starts alike from neighbouring ones. */
  private static long mixed(long seed) {
    return new SplittableRandom(seed).nextLong();
  }

  /** Arbiter shuffles a grid when it is made, before it has its seed: this one does so again. */
  private static final class ShuffledGrid extends GridSearchCandidateGenerator {
    ShuffledGrid(JobSpace space, long seed) {
      super(space, 1, Mode.RandomOrder, Map.of());
      setRngSeed(seed);
      initialize();
    }
  }
}
