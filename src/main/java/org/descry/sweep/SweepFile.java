package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.job.InvalidJobException;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.job.JobSchema;
import org.descry.job.Nearest;
import org.descry.metrics.EpochMetrics;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.space.Axis;
import org.descry.train.FinishedRun;

/**
 * The sweep file: a job file with a few keys more at the top. Without them it is a job by itself,
 * the one that the sweep starts from.
 */
public final class SweepFile {
  /** Metrics that are better when they are smaller. */
  private static final Pattern COST =
      Pattern.compile(".*(loss|perplexity|bitspercharacter)|parameters|seconds");

  /** Sections whose settings make no model better or worse, and the seed, which repeats vary. */
  private static final Set<String> FIXED = Set.of("name", "seed", "output");

  private static final double LARGEST_GRID = 1e6;

  private SweepFile() {}

  /**
   * Reads a sweep file and checks it.
   *
   * @param assignments {@code key.path=value}, set before the check
   * @throws DescryException if the file cannot be read or holds a mistake, in a sentence for each
   */
  static SweepPlan read(Path file, List<String> assignments) {
    JobFile sweep = JobFile.read(file);
    for (String assignment : assignments) {
      sweep = sweep.set(assignment);
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
    boolean grid = settings.strategy() == Strategy.GRID;
    List<Axis> axes = new ArrayList<>();
    settings.search().forEach((key, space) -> axes.add(space.axis(key, grid)));
    checkKeys(source, parts.job(), axes);
    if (grid) {
      checkGrid(source, axes);
    }
    Objective objective = objective(source, settings.objective(), job);
    return new SweepPlan(source, parts.job(), job, settings, axes, objective);
  }

  /** Sets each searched key to the ends of its space, so that mistakes are found before the end. */
  private static void checkKeys(String source, JobFile job, List<Axis> axes) {
    Set<String> mistakes = new LinkedHashSet<>();
    for (Axis axis : axes) {
      String key = axis.dimension().key();
      String origin = SweepPlan.origin(source, key);
      if (FIXED.contains(key.split("[.\\[]", 2)[0])) {
        mistakes.add(
            origin
                + ": "
                + key
                + " is not to be searched; expected a key of model, data, training or decoding"
                + " (repeats vary the seed).");
        continue;
      }
      for (JsonNode sample : axis.samples()) {
        try {
          job.set(key, sample, origin).job();
        } catch (InvalidJobException e) {
          mistakes.addAll(e.mistakes());
        } catch (DescryException e) {
          mistakes.add(e.getMessage());
        }
      }
    }
    if (!mistakes.isEmpty()) {
      throw new UsageException(String.join("\n", mistakes));
    }
  }

  private static void checkGrid(String source, List<Axis> axes) {
    double size = axes.stream().mapToDouble(Axis::size).reduce(1, (a, b) -> a * b);
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

  private static Objective objective(
      String source, SweepSettings.ObjectiveSettings settings, Job job) {
    String metric =
        settings.metric() == null
            ? EpochMetrics.nameOf(job.training().selectBy())
            : settings.metric();
    List<String> known = FinishedRun.metrics(job);
    if (!known.contains(metric)) {
      throw new UsageException(
          "%s: objective.metric is \"%s\", which no job of this kind reports%s; expected one of %s."
              .formatted(source, metric, Nearest.hint(metric, known), String.join(", ", known)));
    }
    boolean cost = COST.matcher(metric.toLowerCase(Locale.ROOT)).matches();
    Objective.Goal usual = cost ? Objective.Goal.MINIMIZE : Objective.Goal.MAXIMIZE;
    return new Objective(metric, settings.goal() == null ? usual : settings.goal());
  }
}
