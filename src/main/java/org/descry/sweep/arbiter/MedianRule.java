package org.descry.sweep.arbiter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.descry.sweep.trial.Objective;

/**
 * Ends a candidate whose best score so far is worse than the median of what earlier candidates had
 * reached after as many epochs (Golovin et al., "Google Vizier", KDD 2017).
 *
 * <p>A candidate is compared with those up to {@link Pruning#LAG} before it, and nothing else, so
 * that the same ones are ended whatever the number of workers: one that is ahead of them goes on
 * until it is known, and what it does beyond its end does not count. For several threads.
 */
public final class MedianRule {
  /** Fewer scores than these have no median. */
  private static final int FEWEST = 5;

  private final int first;
  private final Objective objective;
  private final Map<Integer, Curve> curves = new TreeMap<>();
  private boolean closed;

  /** A candidate's best costs so far by epoch, and what is known of its end. */
  private static final class Curve {
    private final List<Double> best = new ArrayList<>();
    private Runnable stop = () -> {};
    private int decided;
    private int pruned;
    private boolean over;
    private boolean lost;

    private boolean isKnownAt(int epoch) {
      return pruned > 0 || decided >= epoch || (over && decided == best.size());
    }
  }

  /**
   * @param first after which epoch it is first decided
   */
  public MedianRule(int first, Objective objective) {
    this.first = first;
    this.objective = objective;
  }

  /**
   * A candidate begins.
   *
   * @param stop ends it
   */
  public synchronized void begin(int candidate, Runnable stop) {
    Curve curve = curve(candidate);
    curve.stop = stop;
    if (curve.pruned > 0) {
      stop.run();
    }
  }

  /**
   * A candidate has done an epoch.
   *
   * @param score null if it was not measured
   */
  public synchronized void epoch(int candidate, int epoch, Double score) {
    Curve curve = curve(candidate);
    if (epoch == curve.best.size() + 1) { // else it was begun again
      double before = epoch == 1 ? Double.NaN : curve.best.get(epoch - 2);
      double cost = score == null ? Double.NaN : objective.cost(score);
      curve.best.add(Double.isNaN(before) || cost < before ? cost : before);
      decide();
    }
  }

  /**
   * A candidate ended by itself, or was ended.
   *
   * @param lost whether the sweep was stopped before anything came of it
   */
  public synchronized void end(int candidate, boolean lost) {
    Curve curve = curve(candidate);
    curve.over = true;
    curve.lost |= lost;
    decide();
  }

  /** Lets go of whoever waits: the sweep is stopped. */
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  /**
   * Waits until it is known whether an ended candidate was to end early.
   *
   * @return after which epoch, 0 for not at all; empty if the sweep was stopped first
   */
  public synchronized OptionalInt verdict(int candidate) {
    Curve curve = curves.get(candidate);
    try {
      while (!closed && !curve.isKnownAt(curve.best.size())) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
    return curve.isKnownAt(curve.best.size()) ? OptionalInt.of(curve.pruned) : OptionalInt.empty();
  }

  private Curve curve(int candidate) {
    return curves.computeIfAbsent(candidate, number -> new Curve());
  }

  /** In the order of the candidates, for the decisions on one depend on those on earlier ones. */
  private void decide() {
    curves.forEach(
        (candidate, curve) -> {
          while (curve.pruned == 0
              && curve.decided < curve.best.size()
              && known(candidate, curve.decided + 1)) {
            int epoch = ++curve.decided;
            if (isWorse(candidate, epoch, curve.best.get(epoch - 1))) {
              curve.pruned = epoch;
              curve.stop.run();
            }
          }
        });
    notifyAll();
  }

  private boolean known(int candidate, int epoch) {
    for (int other = 0; other <= candidate - Pruning.LAG; other++) {
      Curve curve = curves.get(other);
      if (curve == null || curve.lost || !curve.isKnownAt(epoch)) {
        return false;
      }
    }
    return true;
  }

  private boolean isWorse(int candidate, int epoch, double cost) {
    double[] others =
        curves.entrySet().stream()
            .filter(entry -> entry.getKey() <= candidate - Pruning.LAG)
            .map(Map.Entry::getValue)
            .filter(curve -> curve.best.size() >= epoch)
            .filter(curve -> curve.pruned == 0 || curve.pruned >= epoch)
            .mapToDouble(curve -> curve.best.get(epoch - 1))
            .filter(other -> !Double.isNaN(other))
            .toArray();
    return epoch >= first
        && others.length >= FEWEST
        && !Double.isNaN(cost)
        && cost > new Median().evaluate(others);
  }
}
