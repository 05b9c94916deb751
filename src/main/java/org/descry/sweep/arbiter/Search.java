package org.descry.sweep.arbiter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.termination.TerminationCondition;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.nd4j.common.function.Supplier;

/**
 * Hands Arbiter's runner the candidates of one of Arbiter's generators, numbered from 0: none
 * twice, and the same ones whatever the number of workers and the order in which they finish. For
 * that, a generator that learns hears of scores in the order of the candidates, and a candidate is
 * generated when exactly those up to {@code lag} before it have been told.
 *
 * <p>Also says when the search is over: Arbiter's runner would wait forever for a generator that
 * ran dry, and starts more candidates than its own limit says.
 *
 * <p>For the runner's thread, but for {@link #learn}.
 */
@SuppressWarnings({"rawtypes", "unchecked"}) // as Arbiter has them
public final class Search implements CandidateGenerator, TerminationCondition {
  private final CandidateGenerator generator;
  private final Strategy strategy;
  private final IntPredicate open;
  private final Map<Integer, Double> scores = new ConcurrentHashMap<>();
  private final List<Candidate> generated = new ArrayList<>();
  private final Set<Object> seen = new HashSet<>();
  private int told;
  private Candidate next;
  private boolean dry;

  /**
   * @param strategy of the generator
   * @param open whether the candidate of a number may still be begun
   */
  public Search(CandidateGenerator generator, Strategy strategy, IntPredicate open) {
    this.generator = generator;
    this.strategy = strategy;
    this.open = open;
  }

  /** Takes note of the score of a candidate; NaN if it failed. For any thread. */
  public void learn(int number, double score) {
    scores.put(number, score);
  }

  @Override
  public boolean hasMoreCandidates() {
    if (!open.test(next == null ? generated.size() : next.getIndex())) {
      return false;
    }
    if (next == null && !dry && lastNeededIsKnown()) {
      next = generate();
    }
    return next != null;
  }

  @Override
  public Candidate getCandidate() {
    Candidate candidate = next;
    next = null;
    return candidate;
  }

  private boolean lastNeededIsKnown() {
    while (told < generated.size() - strategy.lag()) {
      Double score = scores.get(told);
      if (score == null) {
        return false;
      }
      tell(generated.get(told), score);
      told++;
    }
    return true;
  }

  private void tell(Candidate candidate, double score) {
    if (!Double.isNaN(score)) {
      generator.reportResults(
          new OptimizationResult(candidate, score, candidate.getIndex(), null, null, null));
    }
  }

  private Candidate generate() {
    for (int i = 0; i < strategy.draws() && generator.hasMoreCandidates(); i++) {
      Candidate drawn = generator.getCandidate();
      double[] genes = drawn.getFlatParameters();
      if (drawn.getException() != null) {
        continue;
      }
      // Computed anew: a candidate of Arbiter's own copies its value by Java's serialisation, which
      // the command line refuses.
      Object value = getParameterSpace().getValue(genes);
      if (seen.add(value)) {
        // Numbered anew, for those that were dropped have numbers too.
        Supplier<Object> settings = () -> value;
        Candidate candidate = new Candidate(settings, generated.size(), genes, null, null);
        generated.add(candidate);
        return candidate;
      }
    }
    dry = true;
    return null;
  }

  /** The settings of a candidate. */
  public static Map<String, JsonNode> settings(Candidate candidate) {
    return (LinkedHashMap<String, JsonNode>) candidate.getValue();
  }

  /** Nothing: Arbiter's runner reports as candidates finish, and no failures. */
  @Override
  public void reportResults(OptimizationResult result) {}

  @Override
  public ParameterSpace<?> getParameterSpace() {
    return generator.getParameterSpace();
  }

  @Override
  public void setRngSeed(long seed) {
    generator.setRngSeed(seed);
  }

  @Override
  public Class<?> getCandidateType() {
    return LinkedHashMap.class;
  }

  @Override
  public void initialize(IOptimizationRunner runner) {}

  @Override
  public boolean terminate(IOptimizationRunner runner) {
    return runner.numCandidatesQueued() == 0 && !hasMoreCandidates();
  }
}
