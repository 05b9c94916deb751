package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultReference;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultSaver;
import org.descry.DescryException;
import org.descry.train.job.JobFile;

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
  private Candidate best;

  BestModel(SweepPlan plan) {
    this.plan = plan;
    this.bestFirst =
        Comparator.comparing(Candidate::score, plan.objective().bestFirst())
            .thenComparing(Candidate::number);
  }

  @Override
  public synchronized ResultReference saveModel(OptimizationResult result, Object trained) {
    Candidate candidate = (Candidate) trained;
    if (!Double.isNaN(candidate.score())
        && (best == null || bestFirst.compare(candidate, best) < 0)) {
      best = candidate;
      save();
    }
    return new Reference(result, candidate);
  }

  private void save() {
    Trial trial =
        best.trials().stream()
            .filter(Trial::succeeded)
            .min(Comparator.comparing(Trial::score, plan.objective().bestFirst()))
            .orElseThrow();
    try {
      Path model = trial.folder().resolve(MODEL);
      if (Files.exists(model)) { // else it was tidied away after an earlier sitting
        write(MODEL, beside -> Files.copy(model, beside, StandardCopyOption.REPLACE_EXISTING));
      }
      String job = job(best.settings());
      write(JOB, beside -> Files.writeString(beside, job));
    } catch (IOException e) {
      throw new DescryException(
          "%s cannot be written (%s); expected a folder that can be written and has room."
              .formatted(plan.folder(), e.getMessage()),
          e);
    }
  }

  /** The resolved job, under a name of its own beside the sweep. */
  private String job(Map<String, JsonNode> settings) {
    String name = plan.job().name();
    String cut = name.substring(0, Math.min(name.length(), LONGEST_NAME - ENDING.length()));
    JobFile file = plan.with(new LinkedHashMap<>(settings)).set("name=" + cut + ENDING);
    return JobFile.resolved(file.job());
  }

  private interface FileAction {
    void on(Path beside) throws IOException;
  }

  private void write(String name, FileAction action) throws IOException {
    Path beside = plan.folder().resolve("." + name + ".tmp");
    action.on(beside);
    Files.move(
        beside,
        plan.folder().resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
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
