package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.descry.archive.Manifest;
import org.descry.io.Json;
import org.descry.kind.Kinds;
import org.descry.kind.TrainedModel;
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
    Manifest manifest = trained.manifest();
    if (bulk && manifest.classifies()) {
      return answerAll(trained, Map.of("top", top));
    }
    boolean ofImages = manifest.classifies() && manifest.image() != null;
    List<String> asked = ofImages ? images().stream().map(Path::toString).toList() : given();
    List<List<Map<String, Object>>> predictions = trained.predict(asked, top);
    PrintWriter out = out();
    if (json()) {
      String noun = ofImages ? "image" : "sequence";
      out.println(
          Json.pretty(
              IntStream.range(0, asked.size())
                  .mapToObj(i -> Map.of(noun, asked.get(i), "predictions", predictions.get(i)))
                  .toList()));
    } else {
      for (int i = 0; i < asked.size(); i++) {
        out.println(asked.get(i));
        for (Map<String, Object> each : predictions.get(i)) {
          double score = ((Number) each.get(manifest.output())).doubleValue();
          out.printf(Locale.ROOT, "  %-24s %8.4f%n", each.get("label"), score);
        }
      }
    }
    out.flush();
    return 0;
  }
}
