package org.descry.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.archive.Manifest.Provenance;
import org.descry.archive.ModelArchive;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.descry.train.checkpoint.Origin;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model's training done again, from what its zip says of it.
 *
 * @param distance largest difference of two parameters; 0 if the bits are the same
 * @param changes what is not as it was, a phrase each
 */
public record Reproduction(double distance, List<String> changes) {
  private static final int NEVER = 1_000_000;

  public Reproduction {
    changes = List.copyOf(changes);
  }

  /** Whether all parameters came out the same. */
  public boolean same() {
    return distance == 0;
  }

  /**
   * Trains up to the step that the model is from. Nothing is downloaded, whatever the job in the
   * zip says.
   *
   * @param data where the data lie now; null for where the job says
   * @param dir folder for a run of the model's name
   * @throws DescryException if the zip does not say enough, and as {@link Training#run}
   */
  public static Reproduction of(Path model, Path data, Path dir, TrainingProgress progress) {
    ModelArchive archive = ModelArchive.read(model);
    Provenance then = archive.manifest().provenance();
    if (then.fingerprint() == null) {
      throw new DescryException(
          "%s was made by Descry %s, which does not record all that it takes to train again; expected a model of 0.2.0 or later."
              .formatted(model, then.versions().getOrDefault("descry", "0.1.0")));
    }
    Training training =
        Kinds.training(job(model, then, data, dir), new Training.Options(false, false), progress);
    training.run();
    return compared(archive, ModelArchive.read(training.folder().resolve(Training.MODEL)));
  }

  private static Job job(Path model, Provenance then, Path data, Path dir) {
    String origin = model + " (provenance)";
    JsonNode settings = then.job().deepCopy();
    if (settings.path("training") instanceof ObjectNode training) {
      training.remove("maxTime"); // its last step is known, after which this model is kept
      training.putObject("earlyStopping").put("patience", NEVER).put("restoreBest", false);
    }
    JobFile file = JobFile.of(origin, settings);
    if (data != null) {
      String key = then.job().at("/data/captions").isTextual() ? "captions" : "path";
      if (!then.job().path("data").has(key)) {
        throw new UsageException(
            "--data is %s, but the data of %s are made by Descry itself; expected no --data."
                .formatted(data, model));
      }
      file = file.set("data." + key, TextNode.valueOf(data.toString()), origin);
    }
    Job job =
        file.set("output.dir", TextNode.valueOf(dir.toString()), origin)
            .set("output.layout", TextNode.valueOf("plain"), origin)
            .set("training.maxSteps", IntNode.valueOf(then.metrics().iteration()), origin)
            .job();
    return new Job(
        job.name(),
        job.seed(),
        job.model(),
        job.data().asTheyLie(),
        job.training(),
        job.decoding(),
        job.output());
  }

  private static Reproduction compared(ModelArchive archive, ModelArchive again) {
    Provenance then = archive.manifest().provenance();
    Provenance now = again.manifest().provenance();
    List<String> changes = new ArrayList<>();
    if (!then.fingerprint().equals(now.fingerprint())) {
      changes.add(
          "the data were %s with fingerprint %s and are %s with %s"
              .formatted(then.data(), then.fingerprint(), now.data(), now.fingerprint()));
    }
    Origin.changedWeights(then.weights(), now.weights(), now.job()).forEach(changes::add);
    Origin.changed(then.versions(), now.versions()).forEach(changes::add);
    Origin.changed(then.engine(), now.engine()).forEach(changes::add);
    if (then.changes() != null) {
      changes.addAll(then.changes());
    }
    INDArray first = archive.network().params();
    INDArray second = again.network().params();
    double distance =
        first.length() == second.length()
            ? first.sub(second).amaxNumber().doubleValue()
            : Double.POSITIVE_INFINITY;
    return new Reproduction(distance, changes);
  }
}
