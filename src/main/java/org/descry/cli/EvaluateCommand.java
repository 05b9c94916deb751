package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.descry.train.ClassificationReport;
import org.descry.train.Json;
import org.descry.train.TrainedClassifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code descry evaluate}: how good a model is. */
@Command(
    name = "evaluate",
    description = "Scores a model: accuracy, precision, recall and F1 a class, confusion matrix.",
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
    TrainedClassifier classifier = TrainedClassifier.load(model);
    ClassificationReport report = data == null ? classifier.evaluate() : classifier.evaluate(data);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(report));
    } else {
      print(report, out);
    }
    out.flush();
    return 0;
  }

  private static void print(ClassificationReport report, PrintWriter out) {
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
