package org.descry.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.descry.ExitCode;
import org.descry.data.image.ImageFiles;
import org.descry.engine.dnn.Precision;
import org.descry.io.NewFolder;
import org.descry.kind.Cluster;
import org.descry.kind.ImageAnswers;
import org.descry.kind.TrainedModel;
import org.descry.kind.bulk.AnswerFormat;
import org.descry.kind.bulk.BulkAnswers;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that asks a model about images. */
abstract class ImagesCommand extends ModelCommand {
  private static final String IMAGE = "IMAGE";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = IMAGE,
      converter = AsGiven.class,
      description = "Image files, of any size; a folder stands for all images in it.")
  private List<Path> images = List.of();

  @Option(
      names = "--input",
      paramLabel = "DIR",
      description = "Answer all images below a folder, or in a pack, in place of IMAGEs.")
  private Path input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Where answers to --input go, a line of JSON an image, or as --format says. What a run"
              + " that was interrupted has done is not done again.")
  private Path output;

  @Option(
      names = "--cluster",
      paramLabel = "MASTER",
      description =
          "With --input: let the executors of Apache Spark answer, which see the same folders."
              + " spark://HOST:PORT or local-cluster[EXECUTORS,CORES,MB]. Needs a build with"
              + " -Pcluster.")
  private String master;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "With --input: jsonl, or parquet in a build with -Pcluster (default: ${DEFAULT-VALUE}).")
  private String format = AnswerFormat.JSON_LINES.name();

  @Option(
      names = "--exit-resumable",
      description = "With --input: end with exit code 75 when interrupted.")
  private boolean resumable;

  @Mixin private EngineOptions.PrecisionOption precision;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** Checked later: picocli says of a path that is refused here that nothing asks for it. */
  static final class AsGiven implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
      return text.isBlank() ? Path.of("") : Main.asIs(text);
    }
  }

  /** The files, those of folders in the order of their names. */
  List<Path> images() {
    return images.stream().flatMap(path -> ImageFiles.of(path).stream()).toList();
  }

  /** As they were given: texts, which are no paths, among them. */
  List<String> given() {
    return typed(IMAGE);
  }

  boolean json() {
    return json;
  }

  /** What answers, once the engine runs. */
  abstract int answer(boolean bulk);

  @Override
  public Integer call() {
    check();
    boolean bulk = bulk();
    startEngine();
    return precision.during(this, () -> answer(bulk));
  }

  /** Refuses options that do not go. */
  abstract void check();

  /** Whether all images of a folder are asked about, not some that are named. */
  private boolean bulk() {
    if (images.contains(Path.of(""))) {
      throw refusal("Invalid value for IMAGE: expected a file or folder, got ''");
    }
    if (images.isEmpty() && input == null) {
      throw refusal("Missing required parameter: 'IMAGE'; expected images, or --input");
    }
    if (!images.isEmpty() && input != null) {
      throw refusal("IMAGE and --input are both given; expected one of them");
    }
    if ((input == null) != (output == null)) {
      throw refusal("expected --input and --output together, got one of them");
    }
    if (master != null && input == null) {
      throw refusal("--cluster is for --input");
    }
    if (!format.equals(AnswerFormat.JSON_LINES.name()) && input == null) {
      throw refusal("--format is for --input");
    }
    if (output != null) {
      NewFolder.requireMakeable(output);
    }
    return input != null;
  }

  private Cluster.Answering cluster(ImageAnswers answers) {
    return Cluster.find().answering(master, model(), answers.settings(), input, output, format);
  }

  /**
   * Answers all images of the input.
   *
   * @param asked see {@link TrainedModel#answers}
   */
  int answerAll(TrainedModel trained, Map<String, Object> asked) {
    Map<String, Object> settings = new HashMap<>(asked);
    if (precision.get() != Precision.FLOAT32) {
      settings.put(TrainedModel.PRECISION, precision.get().toString());
    }
    ImageAnswers answers = trained.answers(settings);
    BulkAnswers bulk = new BulkAnswers(model(), answers, input, output, AnswerFormat.named(format));
    ExitCode interrupted = resumable ? ExitCode.RESUMABLE : null;
    try (Cluster.Answering cluster = master == null ? null : cluster(answers);
        Interruption interruption =
            new Interruption(cluster == null ? bulk::stop : cluster::stop, interrupted)) {
      BulkAnswers.Summary summary = bulk.run(cluster);
      out()
          .printf(
              Locale.ROOT,
              "%s images answered, %s bad records left out: %s (%.1f s, %.0f images/s)%n",
              summary.images(),
              summary.bad(),
              output,
              summary.seconds(),
              summary.imagesPerSecond());
      out().flush();
      return ExitCode.DONE.number();
    } catch (CancellationException e) {
      err().printf("Stopped; the same command goes on with %s.%n", output);
      err().flush();
      return ExitCode.INTERRUPTED.number();
    }
  }
}
