package org.descry.sweep.arbiter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.descry.sweep.trial.Objective;

/**
 * Successive halving without waiting for whole rungs: as soon as a candidate is among the best part
 * of those that have reached a rung, it goes on. Where there are several brackets, each has rungs
 * of its own, from another one on.
 */
final class Halving implements Schedule {
  private final List<Integer> rungs;
  private final int factor;
  private final Objective objective;

  /** The first rung of candidates, in turn. */
  private final List<Integer> starts = new ArrayList<>();

  private final Map<Integer, Integer> next = new HashMap<>();
  private final List<Rung> reached = new ArrayList<>();
  private boolean finished;

  /** Who has reached a rung of a bracket, best first, and who has gone on. */
  private record Rung(int start, int index, List<Standing> standings, Set<Integer> gone) {}

  private record Standing(int candidate, double cost) {}

  /**
   * @param rungs epochs after which candidates pause
   * @param brackets whether there are several
   */
  Halving(List<Integer> rungs, int factor, boolean brackets, Objective objective) {
    this.rungs = rungs;
    this.factor = factor;
    this.objective = objective;
    int all = rungs.size() + 1;
    for (int start = 0; start < (brackets ? all : 1); start++) {
      // As many as make each bracket about as long (Li et al., "Hyperband", JMLR 18, 2018).
      int left = rungs.size() - start;
      int size = (int) Math.ceil(Math.pow(factor, left) * all / (left + 1) - 1e-9);
      for (int i = 0; i < (brackets ? size : 1); i++) {
        starts.add(start);
      }
      for (int index = rungs.size() - 1; index >= start; index--) {
        reached.add(new Rung(start, index, new ArrayList<>(), new HashSet<>()));
      }
    }
    reached.sort((a, b) -> b.index - a.index); // who has come far goes on first
  }

  private int start(int candidate) {
    return starts.get(candidate % starts.size());
  }

  @Override
  public int until(int candidate) {
    int rung = next.getOrDefault(candidate, start(candidate));
    return rung < rungs.size() ? rungs.get(rung) : Piece.ALL;
  }

  @Override
  public void tell(int candidate, Outcome outcome) {
    int index = next.getOrDefault(candidate, start(candidate));
    if (!outcome.pruned()) {
      finished |= !Double.isNaN(outcome.score());
    }
    if (index == rungs.size()) {
      return;
    }
    Rung rung =
        reached.stream()
            .filter(r -> r.start == start(candidate) && r.index == index)
            .findFirst()
            .orElseThrow();
    double score = outcome.score();
    double cost = Double.isNaN(score) ? Double.POSITIVE_INFINITY : objective.cost(score);
    int place = 0;
    while (place < rung.standings.size() && rung.standings.get(place).cost <= cost) {
      place++;
    }
    rung.standings.add(place, new Standing(candidate, cost));
    if (!outcome.pruned() || Double.isNaN(score)) {
      rung.gone.add(candidate); // there is nothing to go on with
    }
  }

  @Override
  public OptionalInt promote(boolean last) {
    for (Rung rung : reached) {
      boolean lastResort = last && !finished;
      int best = lastResort ? rung.standings.size() : rung.standings.size() / factor;
      for (Standing standing : rung.standings.subList(0, best)) {
        if (rung.gone.add(standing.candidate)) {
          next.put(standing.candidate, rung.index + 1);
          return OptionalInt.of(standing.candidate);
        }
      }
    }
    return OptionalInt.empty();
  }
}
