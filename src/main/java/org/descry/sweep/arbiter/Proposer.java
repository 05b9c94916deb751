package org.descry.sweep.arbiter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.generator.BaseCandidateGenerator;
import org.descry.sweep.space.JobSpace;
import org.nd4j.common.function.Supplier;

/**
 * A generator of our own, which proposes points of the unit cube: one number a searched setting
 * that has more than one value. Depends on nothing but its seed and what it is told, in that order.
 */
abstract class Proposer extends BaseCandidateGenerator<LinkedHashMap<String, JsonNode>> {
  private final JobSpace space;

  Proposer(JobSpace space) {
    super(space, null, false);
    this.space = space;
    initialize();
  }

  /** A point; one that was proposed before counts for nothing. */
  abstract double[] propose();

  /** Whether it can propose a point before it is told of more candidates. */
  boolean isReady() {
    return true;
  }

  /** A candidate was begun, whoever proposed it. */
  void begun(int number, Map<String, JsonNode> settings) {}

  /** What came of a candidate; again when it was trained for longer. */
  void tell(Observation observation) {}

  JobSpace space() {
    return space;
  }

  @Override
  public Candidate<?> getCandidate() {
    Supplier<Object> nothing = () -> null; // computed from the point
    return new Candidate<>(nothing, candidateCounter.getAndIncrement(), propose());
  }

  @Override
  public void reportResults(OptimizationResult result) {
    tell((Observation) result.getModelSpecificResults());
  }

  @Override
  public boolean hasMoreCandidates() {
    return true;
  }

  @Override
  public Class<?> getCandidateType() {
    return LinkedHashMap.class;
  }
}
