package org.descry.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.job.JobSchema;
import org.descry.job.schema.Nearest;
import org.descry.kind.Kinds;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.sweep.arbiter.Pruning;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.space.JobSpace;
import org.descry.sweep.trial.Objective;

/**
 * The sweep file: a job file with a few keys more at the top. Without them it is a job by itself,
 * the one that the sweep starts from.
 */
public final class SweepFile {
  private static final double LARGEST_GRID = 1e6;

  private SweepFile() {}

  /**
   * Reads a sweep file and checks it.
   *
   * @param assignments {@code key.path=value}, set before the check
   * @throws DescryException if the file cannot be read or holds a mistake, in a sentence for each
   */
  static SweepPlan read(Path file, List<String> assignments) {
    JobFile sweep = JobFile.read(file).set(assignments);
    if (sweep.isJob()) {
      throw new UsageException(
          "%s: is a job file, for it has no key search; expected a sweep file: descry train %s runs it."
              .formatted(file, file));
    }
    return plan(file.toString(), sweep);
  }

  /** The JSON Schema of the file, as text. */
  public static String schema() {
    return JobSchema.text(SweepSettings.class, "Descry sweep");
  }

  static SweepPlan plan(String source, JobFile sweep) {
    JobFile.With<SweepSettings> parts = sweep.with(SweepSettings.class);
    SweepSettings settings = parts.settings();
    Job job = parts.job().job();
    JobFile.resolved(job); // as each worker is to have it: a path may be ambiguous
    boolean grid = settings.strategy() == Strategy.GRID;
    JobSpace space = SearchedSpace.of(source, parts.job(), settings);
    if (grid) {
      checkGrid(source, space);
    }
    List<Objective> objectives = objectives(source, settings, job);
    Pruning pruning = pruning(source, settings, job, objectives.get(0));
    Path folder = Path.of(job.output().dir()).resolve(job.name());
    return new SweepPlan(source, parts.job(), job, settings, space, objectives, pruning, folder);
  }

  private static Pruning pruning(
      String source, SweepSettings settings, Job job, Objective objective) {
    Pruning.Kind kind = settings.pruning();
    if (kind == Pruning.Kind.NONE) {
      return Pruning.NONE;
    }
    String origin = "%s: pruning is %s, but ".formatted(source, kind);
    List<String> byEpoch =
        Kinds.metrics(job).stream().map(Metric::name).filter(EpochMetrics::reports).toList();
    if (!byEpoch.contains(objective.metric())) {
      throw new UsageException(
          "%sno epoch reports %s%s; expected an objective among %s."
              .formatted(
                  origin,
                  objective.metric(),
                  Nearest.hint(objective.metric(), byEpoch),
                  String.join(", ", byEpoch)));
    }
    for (String key : List.of("training.epochs", "training.evaluateEvery")) {
      if (settings.search().keySet().stream().anyMatch(searched -> isIn(searched, key))) {
        throw new UsageException(
            "%s%s is searched; expected the same epochs for all candidates."
                .formatted(origin, key));
      }
    }
    int epochs = job.training().epochs();
    SweepSettings.Rungs rungs = settings.rungs();
    int every = job.training().evaluateEvery();
    Pruning pruning = Pruning.of(kind, epochs, rungs.first(), rungs.factor(), every);
    if (pruning.first() >= epochs) {
      throw new UsageException(
          "%sthe first decision comes after epoch %s of %s; expected an earlier one (rungs.first)."
              .formatted(origin, pruning.first(), epochs));
    }
    return pruning;
  }

  private static boolean isIn(String section, String key) {
    return key.equals(section) || key.startsWith(section + ".");
  }

  private static void checkGrid(String source, JobSpace space) {
    double size = space.points();
    if (size > LARGEST_GRID) {
      throw new UsageException(
          String.format(
              Locale.ROOT,
              "%s: search is a grid of %,.0f candidates, but expected at most %,.0f: fewer points,"
                  + " or strategy random.",
              source,
              size,
              LARGEST_GRID));
    }
  }

  private static List<Objective> objectives(String source, SweepSettings settings, Job job) {
    if (settings.objectives() == null) {
      return List.of(objective(source + ": objective", settings.objective(), job));
    }
    List<Objective> objectives = new ArrayList<>();
    for (SweepSettings.ObjectiveSettings one : settings.objectives()) {
      String origin = "%s: objectives[%s]".formatted(source, objectives.size());
      Objective objective = objective(origin, one, job);
      if (objectives.stream().anyMatch(other -> other.metric().equals(objective.metric()))) {
        throw new UsageException(
            "%s.metric is \"%s\" again; expected each metric once."
                .formatted(origin, objective.metric()));
      }
      objectives.add(objective);
    }
    return objectives;
  }

  private static Objective objective(
      String source, SweepSettings.ObjectiveSettings settings, Job job) {
    String metric =
        settings.metric() == null ? job.training().selectBy().metric() : settings.metric();
    List<Metric> metrics = Kinds.metrics(job);
    List<String> known = metrics.stream().map(Metric::name).toList();
    if (!known.contains(metric)) {
      throw new UsageException(
          "%s.metric is \"%s\", which no job of this kind reports%s; expected one of %s."
              .formatted(source, metric, Nearest.hint(metric, known), String.join(", ", known)));
    }
    return new Objective(
        metric, settings.goal() == null ? Metric.named(metric, metrics).goal() : settings.goal());
  }
}
