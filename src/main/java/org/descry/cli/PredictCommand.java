package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.DataException;
import org.descry.archive.ModelKind;
import org.descry.io.Json;
import org.descry.kind.Kinds;
import org.descry.kind.TrainedModel;
import org.descry.kind.captioner.TrainedCaptioner;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;
import org.descry.kind.sequence.TrainedSequenceClassifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code descry predict}: what is on an image, or which class a sequence is of. */
@Command(name = "predict", description = "Says what a model takes images or sequences for.")
final class PredictCommand extends ImagesCommand {
  @Option(names = "--top", description = "Answers an image (default: ${DEFAULT-VALUE}).")
  private int top = 3;

  @Override
  void check() {
    require(top >= 1, "--top", top, "1 or more");
  }

  @Override
  int answer(boolean bulk) {
    TrainedModel trained = Kinds.open(model());
    if (bulk && !(trained instanceof TrainedCaptioner)) {
      return answerAll(trained, Map.of("top", top));
    }
    Asked asked = ask(trained);
    PrintWriter out = out();
    if (json()) {
      out.println(Json.pretty(asJson(asked)));
    } else {
      print(asked, out);
    }
    out.flush();
    return 0;
  }

  /**
   * What a model answered.
   *
   * @param noun what those are that it was asked about
   * @param output what the values are: {@code probability} or {@code score}
   */
  private record Asked(String noun, String output, List<Path> about, List<List<Answer>> answers) {}

  private Asked ask(TrainedModel trained) {
    String output = trained.manifest().output();
    if (trained instanceof TrainedSequenceClassifier sequences) {
      List<String> given = given().stream().map(Path::toString).toList();
      List<List<Answer>> answers =
          sequences.classifyGiven(given, top).stream()
              .map(each -> each.stream().map(one -> new Answer(one.label(), one.value())).toList())
              .toList();
      return new Asked("sequence", output, given(), answers);
    }
    if (trained instanceof TrainedClassifier classifier) {
      List<Path> images = images();
      return new Asked("image", output, images, classifier.classify(images, top));
    }
    throw new DataException(
        "%s is a %s; expected a %s or a %s."
            .formatted(
                model(),
                trained.manifest().kind(),
                ModelKind.CLASSIFIER,
                ModelKind.SEQUENCE_CLASSIFIER));
  }

  private static void print(Asked asked, PrintWriter out) {
    for (int i = 0; i < asked.answers.size(); i++) {
      out.println(asked.about.get(i));
      for (Answer answer : asked.answers.get(i)) {
        out.printf(Locale.ROOT, "  %-24s %8.4f%n", answer.label(), answer.value());
      }
    }
  }

  private List<Map<String, Object>> asJson(Asked asked) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (int i = 0; i < asked.answers.size(); i++) {
      List<Map<String, Object>> predictions =
          asked.answers.get(i).stream().map(answer -> answer.told(asked.output)).toList();
      all.add(Map.of(asked.noun, asked.about.get(i).toString(), "predictions", predictions));
    }
    return all;
  }
}
