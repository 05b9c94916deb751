package org.descry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.engine.dnn.Precision;
import org.descry.gradcheck.Comparison;
import org.descry.gradcheck.Drift;
import org.descry.gradcheck.GradientCheck;
import org.descry.gradcheck.LayerCases;
import org.descry.gradcheck.LayerClass;
import org.descry.gradcheck.NetworkSubject;
import org.descry.gradcheck.Report;
import org.descry.io.Json;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.job.schema.Nearest;
import org.descry.kind.JobSample;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code descry gradcheck}: three ways to each gradient. */
@Command(
    name = "gradcheck",
    description = {
      "Checks gradients: the explicit backward pass against SameDiff's autodiff and against central"
          + " differences in float64, for each layer or for a job's whole network.",
      "Points next to a kink (a rectifier at 0, a tie in max pooling) are counted, not failed."
          + " Exits with 1 where gradients disagree."
    })
final class GradcheckCommand extends BaseCommand {
  private static final int EXAMPLES = 3;
  private static final long SEED = 1;

  private final Supplier<List<LayerCases.Case>> cases;

  @Mixin private EngineOptions engine;

  @Parameters(
      paramLabel = "LAYER",
      arity = "0..*",
      description = "Layers to check, such as conv-relu-pool or ConvReluPoolLayer (default: all).")
  private List<String> layers = new ArrayList<>();

  @Option(
      names = "--model",
      paramLabel = "JOB.yaml",
      description =
          "Check each parameter of this job's network on a few of its examples instead: some"
              + " elements one by one, and all along a random direction.")
  private Path model;

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description =
          "Check a layer of your own instead, such as com.acme.MyLayer: a class that extends"
              + " ExplicitLayer and has a constructor without parameters.")
  private String type;

  @Option(
      names = "--class-path",
      paramLabel = "JAR",
      split = "[:;]",
      description = "With --class: jars and folders that hold it.")
  private List<Path> classPath = List.of();

  @Option(
      names = "--input",
      paramLabel = "SHAPE",
      description =
          "With --class: what an example is, D numbers, TxD for a sequence or CxHxW for an image"
              + " (default: ${DEFAULT-VALUE}).")
  private String input = "5";

  @Option(
      names = "--precision",
      paramLabel = "bfloat16",
      converter = EngineOptions.PrecisionOption.Names.class,
      description =
          "With --model: show how far the gradients of a batch stray from float32's where products"
              + " are in this precision.")
  private Precision precision;

  @Option(names = "--fast", description = "Difference along random directions alone.")
  private boolean fast;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** Over Descry's layers. */
  GradcheckCommand() {
    this(LayerCases::all);
  }

  /**
   * @param cases is asked once the engine runs
   */
  GradcheckCommand(Supplier<List<LayerCases.Case>> cases) {
    this.cases = cases;
  }

  @Override
  public Integer call() {
    if (model != null && !layers.isEmpty()) {
      throw refusal("Expected layers or --model, got both");
    }
    if (type != null && (model != null || !layers.isEmpty())) {
      throw refusal("Expected layers, --model or --class, got several");
    }
    PrintWriter out = out();
    if (precision != null) {
      return drift(out);
    }
    engine.start(json ? err() : out);
    List<Report> reports = new ArrayList<>();
    PrintStream standardOut = System.out;
    // SameDiff prints a line for each operation that it differentiates.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
    try {
      check(reports, out);
    } finally {
      System.setOut(standardOut);
    }
    boolean agrees = reports.stream().allMatch(Report::agrees);
    if (json) {
      out.println(Json.pretty(reports));
    } else {
      reports.forEach(report -> report.disagreements().forEach(out::println));
      out.println(agrees ? "All gradients agree." : "Gradients disagree.");
    }
    out.flush();
    return agrees ? 0 : 1;
  }

  private int drift(PrintWriter out) {
    if (model == null || precision == Precision.FLOAT32) {
      throw refusal("Expected --model and --precision bfloat16, got --precision " + precision);
    }
    engine.start(json ? err() : out);
    EngineOptions.PrecisionOption.requireHere(precision, this);
    Job job = JobFile.read(model).job();
    JobSample sample = JobSample.of(job, job.training().batchSize());
    String name = model.getFileName().toString();
    Drift drift = Drift.of(name, sample.network(), sample.batch(), precision);
    if (json) {
      out.println(Json.pretty(drift));
    } else {
      out.println(name);
      drift.rows().forEach(row -> print(row, out));
    }
    out.flush();
    return 0;
  }

  private static void print(Drift.Row row, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "  %-24s %-14s distance %.1e  cosine %.6f%n",
        row.name(),
        shape(row.shape()),
        row.distance(),
        row.cosine());
  }

  private static String shape(List<Long> shape) {
    return shape.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }

  private void check(List<Report> reports, PrintWriter out) {
    if (type != null) {
      add(own(), reports, out);
    } else if (model == null) {
      GradientCheck check = fast ? GradientCheck.FAST : GradientCheck.THOROUGH;
      chosen().forEach(layer -> add(check.of(layer.subject().get()), reports, out));
    } else {
      JobSample sample = JobSample.of(JobFile.read(model).job(), EXAMPLES);
      GradientCheck check = fast ? GradientCheck.FAST : GradientCheck.SAMPLED;
      String name = model.getFileName().toString();
      add(check.of(new NetworkSubject(name, sample.network(), sample.batch(), SEED)), reports, out);
    }
  }

  private Report own() {
    LayerCases.Case layer = LayerClass.load(type, classPath, input);
    try {
      return (fast ? GradientCheck.FAST : GradientCheck.THOROUGH).of(layer.subject().get());
    } catch (DescryException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) { // of a class that nobody here has written
      throw new DataException(
          "%s fails on an input of %s: %s; expected a layer that takes it, or another --input."
              .formatted(type, input, e),
          e);
    }
  }

  private List<LayerCases.Case> chosen() {
    List<LayerCases.Case> all = cases.get();
    for (String layer : layers) {
      if (all.stream().noneMatch(known -> known.isNamed(layer))) {
        List<String> names = all.stream().map(LayerCases.Case::layer).distinct().toList();
        throw refusal(
            "There is no layer '%s'%s; expected one of %s, or the name of its class"
                .formatted(
                    layer,
                    Nearest.hint(LayerCases.kebab(layer.replaceAll(".*\\.", "")), names),
                    String.join(", ", names)));
      }
    }
    return layers.isEmpty()
        ? all
        : all.stream().filter(layer -> layers.stream().anyMatch(layer::isNamed)).toList();
  }

  private void add(Report report, List<Report> reports, PrintWriter out) {
    reports.add(report);
    if (!json) {
      print(report, out);
      out.flush();
    }
  }

  private static void print(Report report, PrintWriter out) {
    out.printf("%s%n", report.subject());
    for (Report.Row row : report.rows()) {
      String differenced = row.checked() == 0 ? "" : " of " + row.checked();
      String kinks = row.kinks() == 0 ? "" : "  (%s next to a kink)".formatted(row.kinks());
      out.printf(
          "  %-4s %-24s %-14s autodiff %-8s differences %s%s%s%n",
          row.agrees() ? "ok" : "BAD",
          row.name(),
          shape(row.shape()),
          error(row.autodiff()),
          error(row.differences()),
          differenced,
          kinks);
    }
  }

  private static String error(Comparison comparison) {
    return comparison == null ? "-" : String.format(Locale.ROOT, "%.1e", comparison.error());
  }
}
