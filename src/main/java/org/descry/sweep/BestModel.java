package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultReference;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultSaver;
import org.descry.io.AtomicFiles;
import org.descry.io.IoErrors;
import org.descry.job.JobFile;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;

/**
 * Keeps the best candidate so far in the sweep's folder: its settings as a job file, and its model,
 * of the repeat that came out best.
 */
final class BestModel implements ResultSaver {
  static final String JOB = "best.yaml";
  static final String MODEL = "model.zip";
  private static final int LONGEST_NAME = 100;
  private static final String ENDING = "-best";

  private final SweepPlan plan;
  private final Comparator<Candidate> bestFirst;
  private final Map<Integer, Candidate> candidates = new HashMap<>();
  private Candidate best;

  BestModel(SweepPlan plan) {
    this.plan = plan;
    this.bestFirst = Candidate.bestFirst(plan.objective());
  }

  @Override
  public synchronized ResultReference saveModel(OptimizationResult result, Object trained) {
    Candidate candidate = (Candidate) trained;
    candidates.put(candidate.number(), candidate);
    Candidate first =
        candidates.values().stream().filter(Candidate::scored).min(bestFirst).orElse(null);
    if (first != null && !first.equals(best)) {
      best = first;
      save();
    }
    return new Reference(result, candidate);
  }

  private void save() {
    Trial trial = best.bestTrial(plan.objective()).orElseThrow();
    try {
      Path model = trial.folder().resolve(MODEL);
      if (Files.exists(model)) { // else it was tidied away after an earlier run
        AtomicFiles.write(plan.folder().resolve(MODEL), out -> Files.copy(model, out));
      }
      AtomicFiles.write(plan.folder().resolve(JOB), job(best.settings()));
    } catch (IOException e) {
      throw IoErrors.unwritable(plan.folder(), e);
    }
  }

  /** The resolved job, under a name of its own beside the sweep. */
  private String job(Map<String, JsonNode> settings) {
    JobFile file = plan.with(settings).set("name=" + named(plan.job().name(), ENDING));
    return JobFile.resolved(file.job());
  }

  /** A job's name with an ending, cut to what names may have. */
  static String named(String name, String ending) {
    return name.substring(0, Math.min(name.length(), LONGEST_NAME - ending.length())) + ending;
  }

  @Override
  public List<Class<?>> getSupportedCandidateTypes() {
    return List.of(LinkedHashMap.class);
  }

  @Override
  public List<Class<?>> getSupportedModelTypes() {
    return List.of(Candidate.class);
  }

  private record Reference(OptimizationResult result, Candidate candidate)
      implements ResultReference {
    @Override
    public OptimizationResult getResult() {
      return result;
    }

    @Override
    public Object getResultModel() {
      return candidate;
    }
  }
}
