package org.descry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.UsageException;
import org.descry.archive.ModelArchive;
import org.descry.engine.dnn.Precision;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.train.Task;
import org.descry.train.layers.NetworkDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code descry summary}: what a network is made of. */
@Command(
    name = "summary",
    description =
        "Lists the layers of a model, or of the network that a job would train: shapes, parameters,"
            + " multiply-adds, and the memory of a step.")
final class SummaryCommand extends BaseCommand {
  private static final String MODEL = ".zip";

  @Mixin private EngineOptions engine;

  @Parameters(
      paramLabel = "MODEL.zip|JOB.yaml",
      description = "The model, or a job file, whose data are read for the sizes.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a key of the job. May be repeated.")
  private List<String> settings = new ArrayList<>();

  @Override
  public Integer call() {
    requireAssignments(settings);
    boolean model = file.toString().endsWith(MODEL);
    if (model && !settings.isEmpty()) {
      throw refusal("--set is given with a model; expected it with a job file");
    }
    engine.start(err());
    PrintWriter out = out();
    out.println(model ? ofModel() : ofJob());
    out.flush();
    return 0;
  }

  private String ofModel() {
    ModelArchive archive = ModelArchive.read(file);
    JsonNode training = archive.manifest().provenance().job().path("training");
    int batch = training.path("batchSize").asInt(1);
    Precision precision =
        training.path("precision").asText().equals(Precision.BFLOAT16.toString())
            ? Precision.BFLOAT16
            : Precision.FLOAT32;
    return NetworkDescription.text(
            archive.network(), archive.manifest(), Math.max(1, batch), precision)
        .orElseThrow(
            () ->
                new UsageException(
                    "%s holds a program's own network, whose inputs it does not describe; expected a model of a job."
                        .formatted(file)));
  }

  private String ofJob() {
    JobFile jobFile = JobFile.read(file).set(settings);
    Job job = jobFile.job();
    Task task = Kinds.load(job, Task.Limits.NONE);
    return NetworkDescription.text(task.network(), task.manifest(null), job.training())
        .orElseThrow();
  }
}
