package org.descry.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.io.Json;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code descry predict}: what is on an image. */
@Command(name = "predict", description = "Says what a model takes images for.")
final class PredictCommand extends ImagesCommand {
  @Option(names = "--top", description = "Answers an image (default: ${DEFAULT-VALUE}).")
  private int top = 3;

  @Override
  public Integer call() {
    require(top >= 1, "--top", top, "1 or more");
    startEngine();
    TrainedClassifier classifier = TrainedClassifier.load(model());
    List<List<Answer>> answers = classifier.classify(images(), top);
    PrintWriter out = out();
    if (json()) {
      out.println(Json.pretty(asJson(answers, classifier.manifest().output())));
    } else {
      print(answers, out);
    }
    out.flush();
    return 0;
  }

  private void print(List<List<Answer>> answers, PrintWriter out) {
    for (int i = 0; i < answers.size(); i++) {
      out.println(images().get(i));
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
          answers.get(i).stream().map(answer -> answer.told(output)).toList();
      all.add(Map.of("image", images().get(i).toString(), "predictions", predictions));
    }
    return all;
  }
}
