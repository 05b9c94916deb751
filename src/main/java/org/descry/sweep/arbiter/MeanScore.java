package org.descry.sweep.arbiter;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.descry.metrics.Metric;
import org.descry.sweep.trial.Candidate;

/** Scores a trained {@link Candidate} by the mean objective of its trainings. */
@SuppressWarnings("deprecation") // as Arbiter has it
public final class MeanScore implements ScoreFunction {
  private static final long serialVersionUID = 1L;

  private final boolean minimize;

  public MeanScore(Metric.Goal goal) {
    minimize = goal == Metric.Goal.MINIMIZE;
  }

  /** NaN for a candidate whose trainings all failed. */
  @Override
  public double score(Object candidate, DataProvider data, Map<String, Object> parameters) {
    return ((Candidate) candidate).score();
  }

  @Override
  public double score(Object candidate, Class<? extends DataSource> source, Properties properties) {
    return ((Candidate) candidate).score();
  }

  @Override
  public boolean minimize() {
    return minimize;
  }

  @Override
  public List<Class<?>> getSupportedModelTypes() {
    return List.of(Candidate.class);
  }

  @Override
  public List<Class<?>> getSupportedDataTypes() {
    return List.of();
  }
}
