package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.job.JobFile;
import org.descry.job.schema.Difference;
import org.descry.sweep.arbiter.Strategy;
import org.descry.train.checkpoint.Origin;

/** A sweep as its journal keeps it: every key of the job and the search, defaults filled in. */
final class SweepRecord {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE).build();

  /** What may be another the next time, for it changes no score. */
  private static final List<String> FREE =
      List.of("workers", "budget", "retries", "maxFailures", "output");

  private static final String THREADS = "threads";
  private static final String KNOWN = "known";
  private static final String FINGERPRINT = "fingerprint";
  private static final String WEIGHTS = "weights";

  private SweepRecord() {}

  static JsonNode of(SweepPlan plan) {
    SweepSettings settings = plan.settings();
    ObjectNode sweep = (ObjectNode) JobFile.tree(plan.job());
    sweep.setAll((ObjectNode) JSON.valueToTree(settings));
    if (settings.strategy() != Strategy.TPE) {
      sweep.remove("tpe"); // as earlier versions have it
    }
    if (plan.pruning().isNone()) {
      sweep.remove(List.of("pruning", "rungs"));
    }
    sweep.set("objective", JSON.valueToTree(plan.objective()));
    if (plan.objectives().size() > 1) {
      sweep.set("objectives", JSON.valueToTree(plan.objectives()));
    }
    if (settings.threads() == null) {
      sweep.put(THREADS, settings.threadsOfEach());
    }
    return sweep;
  }

  /**
   * The same, with what is known from an earlier sweep: it stays, whatever becomes of that one.
   *
   * @param read what its job trains on
   * @throws DescryException if there is no such sweep, or it has nothing to tell this one
   */
  static JsonNode begun(SweepPlan plan, Optional<SharedMistakes.Read> read) {
    ObjectNode sweep = (ObjectNode) of(plan);
    read.ifPresent(data -> sweep.put(FINGERPRINT, data.fingerprint()));
    read.filter(data -> !data.weights().isEmpty())
        .ifPresent(data -> sweep.set(WEIGHTS, JSON.valueToTree(data.weights())));
    if (plan.settings().from() != null) {
      sweep.set(KNOWN, JSON.valueToTree(EarlierSweep.known(plan)));
    }
    return sweep;
  }

  /**
   * Settings with their score that are known from an earlier sweep, in the order in which they were
   * first known.
   */
  static Map<Map<String, JsonNode>, Double> known(JsonNode sweep) {
    Map<Map<String, JsonNode>, Double> known = new LinkedHashMap<>();
    for (JsonNode candidate : sweep.path(KNOWN)) {
      Map<String, JsonNode> settings = new LinkedHashMap<>();
      candidate.path("settings").properties().forEach(e -> settings.put(e.getKey(), e.getValue()));
      known.put(settings, candidate.path("score").doubleValue());
    }
    return known;
  }

  /** What bounds the sweep now. */
  static JsonNode budget(SweepPlan plan) {
    return JSON.valueToTree(plan.settings().budget());
  }

  /** Threads of each worker, as they were when the sweep was begun: scores depend on them. */
  static int threads(JsonNode sweep) {
    return sweep.path(THREADS).asInt();
  }

  /**
   * Makes sure that a sweep can go on.
   *
   * @throws DescryException that names the first key that is another than when it was begun
   */
  static void requireSame(SweepPlan plan, JsonNode begun, Path journal) {
    ObjectNode now = ((ObjectNode) of(plan)).remove(FREE);
    ObjectNode then = ((ObjectNode) begun.deepCopy()).remove(FREE);
    then.remove(List.of(KNOWN, FINGERPRINT, WEIGHTS));
    if (plan.settings().threads() == null) {
      now.set(THREADS, then.path(THREADS));
    }
    Difference.between(now, then)
        .ifPresent(
            differs -> {
              throw new UsageException(
                  "%s: %s is %s, but the sweep of %s was begun with %s; expected the same to --resume it, or another name."
                      .formatted(
                          plan.source(), differs.key(), differs.now(), journal, differs.then()));
            });
  }

  /**
   * Makes sure that a sweep goes on with the data and the trained weights that it was begun with.
   *
   * @param now what its job trains on
   * @throws DataException if they are others
   */
  static void requireSameData(
      SweepPlan plan, SharedMistakes.Read now, JsonNode begun, Path journal) {
    Map<String, String> weights = new TreeMap<>();
    begun.path(WEIGHTS).properties().forEach(e -> weights.put(e.getKey(), e.getValue().asText()));
    Origin.changedWeights(weights, now.weights(), JobFile.tree(plan.job()))
        .findFirst()
        .ifPresent(
            change -> {
              throw new DataException(
                  "%s: %s since the sweep of %s was begun, so that scores before and after would not compare; expected the same to --resume it, or --force to begin anew."
                      .formatted(plan.source(), change, journal));
            });
    String then = begun.path(FINGERPRINT).asText(now.fingerprint()); // earlier versions kept none
    if (!then.equals(now.fingerprint())) {
      throw new DataException(
          "%s: the data have changed since the sweep of %s was begun, so that scores before and after would not compare; expected the same to --resume it, or --force to begin anew."
              .formatted(plan.source(), journal));
    }
  }
}
