package org.descry.sweep.worker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.descry.sweep.trial.Trial;
import org.descry.train.folder.FinishedRun;

/**
 * Reads what trainings have reached from their run folders.
 *
 * @param metrics that they are judged by, the first first
 */
public record TrialScores(List<String> metrics) {
  /** What came of a training that has ended or paused. */
  public Trial of(TrialJob job, double seconds, boolean paused) {
    if (paused) {
      return job.pruned(seconds, FinishedRun.epochs(job.folder()), metrics.get(0));
    }
    FinishedRun run = FinishedRun.read(job.folder());
    Map<String, Double> measures = new LinkedHashMap<>();
    for (String metric : metrics) {
      OptionalDouble measure = run.metric(metric);
      if (measure.isEmpty() || !Double.isFinite(measure.getAsDouble())) {
        return job.failed(
            seconds,
            "Its %s is %s, but expected a finite number."
                .formatted(metric, measure.isEmpty() ? "missing" : measure.getAsDouble()));
      }
      measures.put(metric, measure.getAsDouble());
    }
    double score = measures.remove(metrics.get(0));
    return job.succeeded(score, measures, seconds, run.epochs());
  }
}
