package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.descry.io.Json;
import org.descry.kind.Kinds;
import org.descry.kind.TrainedModel;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.metrics.Evaluation;
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
    TrainedModel trained = Kinds.open(model);
    Evaluation evaluation;
    if (data == null) {
      evaluation = trained.evaluate();
    } else if (trained instanceof TrainedClassifier classifier) {
      evaluation = classifier.evaluate(data);
    } else {
      throw new ParameterException(
          spec.commandLine(),
          "--data is for classifiers, but %s is a %s".formatted(model, trained.manifest().kind()));
    }
    out.println(json ? Json.pretty(evaluation) : evaluation.text());
    out.flush();
    return 0;
  }
}
