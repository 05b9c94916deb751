package org.descry.sweep.arbiter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.termination.TerminationCondition;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.descry.sweep.space.JobSpace;
import org.descry.sweep.trial.Objective;
import org.nd4j.common.function.Supplier;

/**
 * Hands Arbiter's runner the work of a sweep, piece by piece: the candidates of a generator,
 * numbered from 0, none twice, and those that are trained on. The pieces are the same whatever the
 * number of workers and the order in which they finish: outcomes are told in the order of the
 * pieces, and a piece is chosen when exactly those up to {@code lag} before it have been told, or,
 * where there is nothing to do without, as many more as it takes.
 *
 * <p>Also says when the search is over: Arbiter's runner would wait forever for a generator that
 * ran dry, and starts more candidates than its own limit says.
 *
 * <p>For the runner's thread, but for {@link #learn}.
 */
@SuppressWarnings({"rawtypes", "unchecked"}) // as Arbiter has them
public final class Search implements CandidateGenerator, TerminationCondition {
  /** Draws that break a constraint, after which nothing is taken to keep it. */
  private static final int MOST_UNFIT = 200_000;

  private final CandidateGenerator generator;
  private final JobSpace space;
  private final Plan plan;
  private final Open open;
  private final Schedule schedule;
  private final int lag;
  private final Queue<Map<String, JsonNode>> queue;
  private final Map<Integer, Outcome> outcomes = new ConcurrentHashMap<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<Integer> epochs = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();
  private final Set<Object> seen = new HashSet<>();
  private final Set<Integer> heard = new HashSet<>();
  private int told;
  private Piece next;
  private boolean dry;

  /**
   * What is searched.
   *
   * @param objectives that steer the search
   * @param queue settings that are tried first, each one whole candidate of the space
   * @param known of an earlier sweep: settings with their score
   */
  public record Plan(
      Strategy strategy,
      Pruning pruning,
      List<Objective> objectives,
      Collection<Map<String, JsonNode>> queue,
      Map<Map<String, JsonNode>, Double> known) {}

  /** Whether work may still be begun. */
  public interface Open {
    boolean test(int piece, int candidate);
  }

  /**
   * @param generator of the plan's strategy
   */
  public Search(CandidateGenerator generator, Plan plan, Open open) {
    this.generator = generator;
    this.space = (JobSpace) (ParameterSpace) generator.getParameterSpace();
    this.plan = plan;
    this.open = open;
    this.schedule = plan.pruning.schedule(plan.objectives.get(0));
    this.lag = plan.pruning.lag(plan.strategy.lag());
    this.queue = new ArrayDeque<>(plan.queue);
    int number = -1;
    for (Map.Entry<Map<String, JsonNode>, Double> earlier : plan.known.entrySet()) {
      tell(number--, earlier.getKey(), List.of(earlier.getValue()), Piece.ALL);
    }
  }

  /** Takes note of the outcome of a piece. For any thread. */
  public void learn(int piece, Outcome outcome) {
    outcomes.put(piece, outcome);
  }

  @Override
  public boolean hasMoreCandidates() {
    if (next != null) {
      return open.test(next.number(), next.candidate());
    }
    while (true) {
      if (told < pieces.size() - lag) {
        if (!tellNext()) {
          return false;
        }
      } else {
        next = find(false);
        if (next != null) {
          return true;
        }
        if (told == pieces.size()) {
          next = find(true);
          return next != null;
        }
        if (!tellNext()) {
          return false;
        }
      }
    }
  }

  /** A piece whose turn it is; null if there is none before more is told. */
  private Piece find(boolean last) {
    OptionalInt promoted = schedule.promote(last);
    int candidate = promoted.orElse(candidates.size());
    if (!open.test(pieces.size(), candidate) || (promoted.isEmpty() && !generate())) {
      return null;
    }
    Candidate chosen = candidates.get(candidate);
    return new Piece(
        pieces.size(),
        candidate,
        (Map<String, JsonNode>) chosen.getValue(),
        epochs.get(candidate),
        schedule.until(candidate));
  }

  @Override
  public Candidate getCandidate() {
    Piece piece = next;
    next = null;
    pieces.add(piece);
    double[] genes = candidates.get(piece.candidate()).getFlatParameters();
    Supplier<Object> value = () -> piece;
    return new Candidate(value, piece.number(), genes, null, null);
  }

  private boolean tellNext() {
    Outcome outcome = outcomes.get(told);
    if (outcome == null) {
      return false;
    }
    Piece piece = pieces.get(told++);
    epochs.set(piece.candidate(), outcome.epochs());
    schedule.tell(piece.candidate(), outcome);
    tell(
        piece.candidate(),
        piece.settings(),
        outcome.scores(),
        outcome.pruned() ? outcome.epochs() : Piece.ALL);
    return true;
  }

  private void tell(
      int number, Map<String, JsonNode> settings, List<Double> scores, int afterEpochs) {
    double score = scores.get(0);
    double[] costs = new double[plan.objectives.size()];
    Arrays.fill(costs, Double.NaN); // an earlier sweep knows but the first
    for (int i = 0; i < scores.size(); i++) {
      costs[i] = plan.objectives.get(i).cost(scores.get(i));
    }
    Observation observation = new Observation(number, settings, costs, afterEpochs);
    // Arbiter's population would keep what failed and breed from it, and have candidates twice.
    if (generator instanceof Proposer || (!Double.isNaN(score) && heard.add(number))) {
      double[] genes = number < 0 ? genes(settings) : candidates.get(number).getFlatParameters();
      Supplier<Object> value = () -> settings;
      generator.reportResults(
          new OptimizationResult(
              new Candidate(value, number, genes, null, null),
              score,
              number,
              observation,
              null,
              null));
    }
  }

  private double[] genes(Map<String, JsonNode> settings) {
    return Arrays.stream(space.places(settings).orElseThrow())
        .map(place -> Double.isNaN(place) ? 0.5 : place)
        .toArray();
  }

  private boolean generate() {
    if (dry) {
      return false;
    }
    while (!queue.isEmpty()) {
      Map<String, JsonNode> settings = queue.remove();
      if (accept(settings, genes(settings))) {
        return true;
      }
    }
    for (int i = 0; i < plan.strategy.draws() && generator.hasMoreCandidates(); i++) {
      if (generator instanceof Proposer proposer && !proposer.isReady()) {
        return false;
      }
      Candidate drawn = generator.getCandidate();
      double[] genes = drawn.getFlatParameters();
      // Computed anew: a candidate of Arbiter's own copies its value by Java's serialisation, which
      // the command line refuses.
      if (drawn.getException() == null && accept(space.getValue(genes), genes)) {
        return true;
      }
    }
    dry = plan.strategy == Strategy.GRID || !generateAnywhere();
    return !dry;
  }

  /** A strategy may have nothing new to propose, or nothing that keeps to the constraints. */
  private boolean generateAnywhere() {
    SplittableRandom random = new SplittableRandom(candidates.size());
    int known = 0;
    for (int i = 0; i < MOST_UNFIT && known < plan.strategy.draws(); i++) {
      double[] genes = random.doubles(space.numParameters()).toArray();
      Map<String, JsonNode> settings = space.getValue(genes);
      if (accept(settings, genes)) {
        return true;
      }
      known += seen.contains(settings) ? 1 : 0;
    }
    return false;
  }

  /** Takes a candidate in, unless there was one of these settings. */
  private boolean accept(Map<String, JsonNode> settings, double[] genes) {
    if (!space.accepts(settings) || !seen.add(settings)) {
      return false;
    }
    // Numbered anew, for those that were dropped have numbers too.
    int number = candidates.size();
    Supplier<Object> value = () -> settings;
    candidates.add(new Candidate(value, number, genes, null, null));
    epochs.add(0);
    if (generator instanceof Proposer proposer) {
      proposer.begun(number, settings);
    }
    return true;
  }

  /** The piece that a candidate of the runner's stands for. */
  static Piece piece(Candidate candidate) {
    return (Piece) candidate.getValue();
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
    return Piece.class;
  }

  @Override
  public void initialize(IOptimizationRunner runner) {}

  @Override
  public boolean terminate(IOptimizationRunner runner) {
    return runner.numCandidatesQueued() == 0 && !hasMoreCandidates();
  }
}
