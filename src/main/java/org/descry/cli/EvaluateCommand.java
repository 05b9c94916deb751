package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.io.Json;
import org.descry.metrics.CaptionMetrics;
import org.descry.train.CaptionReport;
import org.descry.train.ClassificationReport;
import org.descry.train.TrainedCaptioner;
import org.descry.train.TrainedClassifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code descry evaluate}: how good a model is. */
@Command(
    name = "evaluate",
    description =
        "Scores a model: accuracy, precision, recall and F1 a class and the confusion matrix of a"
            + " classifier; BLEU, ROUGE-L, CIDEr and perplexity of a captioner.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  private static final int NAME_WIDTH = 16;

  @Spec private CommandSpec spec;
  @Mixin private EngineOptions engine;

  @Parameters(paramLabel = "MODEL.zip", description = "The model.")
  private Path model;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "CIFAR folder or image folder; its test part if it has one. Default: the test part of the"
              + " data that the model was trained on.")
  private Path data;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    engine.start(spec.commandLine().getErr());
    PrintWriter out = spec.commandLine().getOut();
    if (ModelArchive.readManifest(model).kind().equals(Manifest.CAPTIONER)) {
      if (data != null) {
        throw new ParameterException(
            spec.commandLine(), "--data is for classifiers, but " + model + " is a captioner");
      }
      print(TrainedCaptioner.load(model).evaluate(), out);
    } else {
      TrainedClassifier classifier = TrainedClassifier.load(model);
      print(data == null ? classifier.evaluate() : classifier.evaluate(data), out);
    }
    out.flush();
    return 0;
  }

  private void print(CaptionReport report, PrintWriter out) {
    if (json) {
      out.println(Json.pretty(report));
      return;
    }
    out.printf(
        Locale.ROOT,
        "%,d pictures: loss %.4f, perplexity %.4f%s%n%n",
        report.pictures(),
        report.loss(),
        report.perplexity(),
        report.trueCaptions() == null
            ? ""
            : String.format(Locale.ROOT, ", true captions %.2f%%", 100 * report.trueCaptions()));
    out.printf("%-16s  BLEU-1  BLEU-2  BLEU-3  BLEU-4  ROUGE-L    CIDEr%n", "");
    print("as the job says", report.metrics(), out);
    print("greedy", report.greedy(), out);
    print("blind", report.blind(), out);
  }

  private static void print(String name, CaptionMetrics metrics, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%-16s  %6.4f  %6.4f  %6.4f  %6.4f  %7.4f  %7.4f%n",
        name,
        metrics.bleu1(),
        metrics.bleu2(),
        metrics.bleu3(),
        metrics.bleu4(),
        metrics.rougeL(),
        metrics.cider());
  }

  private void print(ClassificationReport report, PrintWriter out) {
    if (json) {
      out.println(Json.pretty(report));
      return;
    }
    out.printf(
        Locale.ROOT,
        "%,d pictures: accuracy %.2f%%, loss %.4f%n%n",
        report.examples(),
        100 * report.accuracy(),
        report.loss());
    out.printf("%-16s  precision  recall      F1  pictures%n", "class");
    for (ClassificationReport.ClassScore score : report.classes()) {
      out.printf(
          Locale.ROOT,
          "%-16s  %9.4f  %6.4f  %6.4f  %8d%n",
          shortened(score.label()),
          score.precision(),
          score.recall(),
          score.f1(),
          score.examples());
    }
    out.printf("%nconfusion (rows: true class, columns: answer, in the order above)%n");
    for (int truth = 0; truth < report.confusion().size(); truth++) {
      out.printf("%-16s ", shortened(report.classes().get(truth).label()));
      List<Integer> row = report.confusion().get(truth);
      row.forEach(count -> out.printf(" %5d", count));
      out.println();
    }
  }

  private static String shortened(String name) {
    return name.length() <= NAME_WIDTH ? name : name.substring(0, NAME_WIDTH - 1) + "~";
  }
}
