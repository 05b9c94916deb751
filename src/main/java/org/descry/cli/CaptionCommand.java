package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.descry.io.Json;
import org.descry.job.DecodingSettings;
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
      description = "With --sample: above 1 draws bolder, below 1 safer (default: 1).")
  private Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "With --sample: draw from the K likeliest words only; 0 for all, the default.")
  private Integer topK;

  @Option(names = "--seed", description = "With --sample: of the draws (default: 1).")
  private Long seed;

  @Override
  void check() {
    int widest = DecodingSettings.WIDEST_BEAM;
    require(beam == null || beam >= 1 && beam <= widest, "--beam", beam, "1 to " + widest);
    requireTemperature(temperature);
    require(topK == null || topK >= 0, "--top-k", topK, "0 or more");
    if (!sample && (temperature != null || topK != null || seed != null)) {
      throw refusal("--temperature, --top-k and --seed are for --sample");
    }
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
      return Map.of(
          "temperature", Objects.requireNonNullElse(temperature, 1.0),
          "topK", Objects.requireNonNullElse(topK, 0),
          "seed", Objects.requireNonNullElse(seed, 1L));
    }
    return beam == null ? Map.of() : Map.of("beam", beam);
  }
}
