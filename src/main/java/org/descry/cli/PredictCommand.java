package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.descry.io.Json;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code descry predict}: what is on an image. */
@Command(
    name = "predict",
    description = "Says what a model takes images for.",
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private EngineOptions engine;

  @Parameters(index = "0", paramLabel = "MODEL.zip", description = "The model.")
  private Path model;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Image files, of any size.")
  private List<Path> images;

  @Option(names = "--top", description = "Answers an image (default: ${DEFAULT-VALUE}).")
  private int top = 3;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    if (top < 1) {
      throw new ParameterException(
          spec.commandLine(), "Invalid value for option '--top': " + top + "; expected 1 or more");
    }
    engine.start(spec.commandLine().getErr());
    TrainedClassifier classifier = TrainedClassifier.load(model);
    List<List<Answer>> answers = classifier.classify(images, top);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(asJson(answers, classifier.manifest().output())));
    } else {
      print(answers, out);
    }
    out.flush();
    return 0;
  }

  private void print(List<List<Answer>> answers, PrintWriter out) {
    for (int i = 0; i < answers.size(); i++) {
      out.println(images.get(i));
      for (Answer answer : answers.get(i)) {
        out.printf(Locale.ROOT, "  %-24s %8.4f%n", answer.label(), answer.value());
      }
    }
  }

  /**
   * @param output what the values are: {@code probability} or {@code score}
   */
  private List<Map<String, Object>> asJson(List<List<Answer>> answers, String output) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      List<Map<String, Object>> predictions =
          answers.get(i).stream()
              .map(
                  answer -> Map.<String, Object>of("label", answer.label(), output, answer.value()))
              .toList();
      all.add(Map.of("image", images.get(i).toString(), "predictions", predictions));
    }
    return all;
  }
}
