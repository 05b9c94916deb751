package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.descry.io.Json;
import org.descry.kind.captioner.TrainedCaptioner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code descry caption}: what is on an image, in a sentence. */
@Command(name = "caption", description = "Describes images in a sentence each.")
final class CaptionCommand extends ImagesCommand {
  @Option(
      names = "--beam",
      paramLabel = "WIDTH",
      description = "Width of the beam search, 1 is greedy (default: as the job says).")
  private Integer beam;

  @Option(names = "--sample", description = "Draw words at random, by their probabilities.")
  private boolean sample;

  @Option(
      names = "--temperature",
      description = "Above 1 draws bolder, below 1 safer (default: ${DEFAULT-VALUE}).")
  private double temperature = 1;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from the K likeliest words only; 0 for all (default: ${DEFAULT-VALUE}).")
  private int topK;

  @Option(names = "--seed", description = "Of the draws (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Override
  void check() {
    require(beam == null || beam >= 1, "--beam", beam, "1 or more");
    require(temperature > 0, "--temperature", temperature, "more than 0");
    require(topK >= 0, "--top-k", topK, "0 or more");
    if (sample && beam != null) {
      throw refusal("--sample and --beam are both given; expected one of them");
    }
  }

  @Override
  int answer(boolean bulk) {
    TrainedCaptioner captioner = TrainedCaptioner.load(model());
    if (bulk) {
      return answerAll(captioner, settings());
    }
    List<Path> images = images();
    List<String> captions = captioner.caption(images, captioner.decoding(settings()));
    PrintWriter out = out();
    if (json()) {
      out.println(
          Json.pretty(
              IntStream.range(0, captions.size())
                  .mapToObj(
                      i -> Map.of("image", images.get(i).toString(), "caption", captions.get(i)))
                  .toList()));
    } else {
      for (int i = 0; i < captions.size(); i++) {
        out.println(images.get(i) + ": " + captions.get(i));
      }
    }
    out.flush();
    return 0;
  }

  /** As told on the command line; what is not told is the model's. */
  private Map<String, Object> settings() {
    if (sample) {
      return Map.of("temperature", temperature, "topK", topK, "seed", seed);
    }
    return beam == null ? Map.of() : Map.of("beam", beam);
  }
}
