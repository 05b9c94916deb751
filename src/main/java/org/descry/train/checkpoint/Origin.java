package org.descry.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.engine.Engine;
import org.descry.engine.dnn.Dnn;
import org.descry.engine.dnn.Precision;
import org.descry.io.Versions;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.job.TrainingSettings;
import org.descry.job.schema.Difference;

/**
 * What a training was begun with.
 *
 * @param job with every default
 * @param data number of examples of each part
 * @param fingerprint of the examples
 * @param weights fingerprints of the trained weights that it started from, by setting; empty where
 *     an earlier version began it
 * @param versions of Descry, DL4J and Java
 * @param engine build of the native library, threads, processor: others may compute other last bits
 * @param changes what was another before, of that and of the job, a phrase each
 */
public record Origin(
    JsonNode job,
    Map<String, Integer> data,
    String fingerprint,
    Map<String, String> weights,
    Map<String, String> versions,
    Map<String, String> engine,
    List<String> changes) {

  /**
   * @throws NullPointerException if something is missing
   */
  public Origin {
    data = Map.copyOf(data);
    Objects.requireNonNull(fingerprint);
    weights = weights == null ? Map.of() : Map.copyOf(weights);
    versions = Map.copyOf(versions);
    engine = Map.copyOf(engine);
    changes = changes == null ? List.of() : List.copyOf(changes);
    if (!job.isObject()) {
      throw new IllegalArgumentException("no job");
    }
  }

  /** What may change between two runs of a training. */
  private static final List<String> FREE =
      List.of(
          "maxTime",
          "maxSteps",
          "checkpoint",
          "earlyStopping",
          "onDivergence",
          "watch",
          "dataTimeout");

  private static final String EPOCHS = "epochs";

  /** What of that may change the course of a training, and with it the bits. */
  private static final List<String> STEERING =
      List.of(EPOCHS, "maxTime", "maxSteps", "earlyStopping", "onDivergence", "checkpoint");

  /** A training that begins now, in this program. */
  public static Origin of(
      Job job, Map<String, Integer> data, String fingerprint, Map<String, String> weights) {
    return new Origin(
        JobFile.tree(job), data, fingerprint, weights, Versions.all(), engine(job), List.of());
  }

  private static Map<String, String> engine(Job job) {
    Engine.Choice choice = Engine.start();
    Map<String, String> engine = new HashMap<>();
    engine.put("binary", choice.binary());
    engine.put("threads", Integer.toString(choice.threads()));
    engine.put("processor", choice.processor());
    engine.put("oneDNN", Dnn.on() ? "on" : "off");
    if (job.training().precision() == TrainingSettings.Precision.BFLOAT16) {
      engine.put("bfloat16", Precision.emulated() ? Precision.EMULATED : Precision.NATIVE);
    }
    return engine;
  }

  /**
   * Refuses to go on with another job: with another model, seed, data or rule of training.
   *
   * @param run where the training lies
   * @throws UsageException that names the first key that differs
   */
  public static void requireSameJob(Job now, JsonNode begun, Path run) {
    boolean laidOut = now.training().optimizer().schedule().coversTraining();
    Difference.between(fixed(JobFile.tree(now), laidOut), fixed(begun, laidOut))
        .ifPresent(
            differs -> {
              throw new UsageException(
                  "%s is %s, but the training in %s was begun with %s%s; expected the same to go on with it, or --force to begin anew."
                      .formatted(
                          differs.key(),
                          differs.now(),
                          run,
                          differs.then(),
                          differs.key().endsWith(EPOCHS)
                              ? ", for which its schedule is laid out"
                              : ""));
            });
  }

  private static JsonNode fixed(JsonNode job, boolean laidOut) {
    ObjectNode fixed = job.deepCopy();
    fixed.remove("output");
    if (fixed.path("training") instanceof ObjectNode training) {
      training.remove(FREE);
      if (!laidOut) {
        training.remove(EPOCHS);
      }
    }
    return fixed;
  }

  /**
   * Refuses to go on with other data, or where trained weights that it started from are others.
   *
   * @throws DataException that says which of them are others
   */
  public void requireSameData(Origin now, Path run) {
    if (!now.data.equals(data) || !now.fingerprint.equals(fingerprint)) {
      throw new DataException(
          "The data have changed since the training in %s was begun: %s with fingerprint %s, but there were %s with %s; expected the same to go on with it, or --force to begin anew."
              .formatted(run, now.data, now.fingerprint, data, fingerprint));
    }
    changedWeights(weights, now.weights, now.job)
        .findFirst()
        .ifPresent(
            change -> {
              throw new DataException(
                  "%s since the training in %s was begun; expected the same to go on with it, or --force to begin anew."
                      .formatted(change, run));
            });
  }

  /**
   * The same of a training that goes on, and remembers what was another before.
   *
   * @param begun with what its steps so far were done
   * @param iteration number of those steps
   */
  public Origin after(Origin begun, int iteration) {
    Stream<String> changed =
        Stream.of(
                changed(begun.versions, versions),
                changed(begun.engine, engine),
                changed(steering(begun.job), steering(job)))
            .flatMap(change -> change)
            .map(change -> change + " since step " + iteration + " of the training")
            .sorted();
    return new Origin(
        job,
        data,
        fingerprint,
        weights,
        versions,
        engine,
        Stream.concat(begun.changes.stream(), changed).toList());
  }

  private static Map<String, String> steering(JsonNode job) {
    return STEERING.stream()
        .collect(
            Collectors.toMap(
                key -> "training." + key,
                key -> {
                  JsonNode value = job.path("training").path(key);
                  return value.isMissingNode() ? "absent" : value.toString();
                }));
  }

  /**
   * Which files of trained weights hold others, a phrase each.
   *
   * @param then null or without a setting where an earlier version did not record them
   * @param job that names the files
   */
  public static Stream<String> changedWeights(
      Map<String, String> then, Map<String, String> now, JsonNode job) {
    return then == null || now == null
        ? Stream.empty()
        : new TreeMap<>(then)
            .entrySet().stream()
                .filter(
                    e -> now.containsKey(e.getKey()) && !e.getValue().equals(now.get(e.getKey())))
                .map(
                    e ->
                        "%s: %s holds other weights (fingerprint %s, it was %s)"
                            .formatted(
                                e.getKey(),
                                job.at("/" + e.getKey().replace('.', '/')).asText(),
                                now.get(e.getKey()),
                                e.getValue()));
  }

  /** What has changed, a phrase each. */
  public static Stream<String> changed(Map<String, String> then, Map<String, String> now) {
    return then.entrySet().stream()
        .filter(e -> !Objects.equals(e.getValue(), now.get(e.getKey())))
        .map(e -> "%s was %s and is %s".formatted(e.getKey(), e.getValue(), now.get(e.getKey())));
  }

  /** What else is not as it was and may change the last bits, in a sentence. */
  public Optional<String> differences(Origin now) {
    List<String> changed =
        Stream.concat(changed(versions, now.versions), changed(engine, now.engine)).toList();
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Goes on elsewhere than it was begun (%s): the last bits of its results may differ."
                .formatted(String.join("; ", changed)));
  }
}
