package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.descry.io.Json;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.sweep.arbiter.MedianRule;
import org.descry.sweep.arbiter.Pruning;
import org.descry.sweep.space.Axis;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.space.JobSpace;
import org.descry.sweep.trial.Objective;
import org.descry.train.Summary;

/**
 * A sweep that has been checked.
 *
 * @param source the sweep file's name, for messages
 * @param file the job before its searched settings are set
 * @param job the same, checked
 * @param settings the sweep's own
 * @param space of the searched settings
 * @param objectives what is optimised, the first first
 * @param pruning of candidates that do badly
 * @param folder of everything that the sweep leaves
 */
record SweepPlan(
    String source,
    JobFile file,
    Job job,
    SweepSettings settings,
    JobSpace space,
    List<Objective> objectives,
    Pruning pruning,
    Path folder) {
  /** What candidates are ranked by. */
  Objective objective() {
    return objectives.get(0);
  }

  /** The objectives that steer the search: the same in every run, as times are not. */
  List<Objective> steering() {
    return objectives.stream()
        .filter(o -> o.equals(objective()) || !o.metric().equals(Summary.SECONDS))
        .toList();
  }

  /** Whether times are an objective that does not steer. */
  boolean measuresTimes() {
    return steering().size() < objectives.size();
  }

  /** The searched settings, in the order of the file. */
  List<Axis> axes() {
    return space.axes();
  }

  /** The candidates to try first. */
  List<Map<String, JsonNode>> queue() {
    return settings.queue().stream().map(space::own).toList();
  }

  /** The same, with its results elsewhere. */
  SweepPlan in(Path place) {
    return new SweepPlan(source, file, job, settings, space, objectives, pruning, place);
  }

  List<Dimension> dimensions() {
    return axes().stream().map(Axis::dimension).toList();
  }

  /** How many candidates there will be at most; {@code Integer.MAX_VALUE} for no limit. */
  int candidates() {
    Integer wanted = settings.budget().candidates();
    return (int) Math.min(space.size(), wanted == null ? Integer.MAX_VALUE : wanted);
  }

  /** The rule that ends trainings as they go, if there is one. */
  Optional<MedianRule> medianRule() {
    return pruning.kind() == Pruning.Kind.MEDIAN
        ? Optional.of(new MedianRule(pruning.first(), objective()))
        : Optional.empty();
  }

  /**
   * The seed of a repeat, which all candidates share: the first is the job's own.
   *
   * @return 0 to 2^53 - 1, or the job's seed
   */
  long seed(int repeat) {
    return repeat == 0
        ? job.seed()
        : new SplittableRandom(job.seed() ^ ((long) repeat << 54)).nextLong() >>> 11;
  }

  /**
   * The job with settings of a candidate.
   *
   * @throws org.descry.DescryException if the job does not accept them together
   */
  JobFile with(Map<String, JsonNode> candidate) {
    return with(source, file, space, candidate);
  }

  /** The job with settings from the space, whatever is the kind of a section before what it has. */
  static JobFile with(String source, JobFile job, JobSpace space, Map<String, JsonNode> candidate) {
    JobFile changed = job;
    for (Axis axis : space.ordered()) {
      String key = axis.dimension().key();
      if (candidate.containsKey(key)) {
        changed = changed.choose(key, candidate.get(key), origin(source, key));
      }
    }
    return changed;
  }

  /** The run folder of a training. */
  Path trialFolder(int candidate, Object which) {
    return folder
        .resolve("trials")
        .resolve(String.format(Locale.ROOT, "%03d-%s", candidate, which));
  }

  /** The job of a training in a folder of its own. */
  Job trial(Path its, int repeat, JobFile settled) {
    return settled
        .set("name=" + its.getFileName())
        .set("output.dir=" + Json.line(its.getParent().toString()))
        .set("output.layout=plain")
        .set("seed=" + seed(repeat))
        .job();
  }

  static String origin(String source, String key) {
    return source + ": search." + key;
  }
}
