package org.descry.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import org.descry.kind.language.TrainedLanguageModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code descry sample}: how a language model continues a text. */
@Command(name = "sample", description = "Continues a text with a language model.")
final class SampleCommand extends ModelCommand {
  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      required = true,
      description = "What the model goes on from.")
  private String prompt;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Tokens to add, printed as they come (default: ${DEFAULT-VALUE}).")
  private int length = 200;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "Divides the scores before they become probabilities: above 1 is bolder, below 1 more"
              + " careful (default: 1).")
  private Double temperature;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the draws (default: 1).")
  private Long seed;

  @Option(names = "--greedy", description = "Always take the likeliest token; nothing is drawn.")
  private boolean greedy;

  @Mixin private EngineOptions.PrecisionOption precision;

  @Override
  public Integer call() {
    require(length >= 1, "--length", length, "1 or more");
    requireTemperature(temperature);
    if (greedy && (temperature != null || seed != null)) {
      throw refusal("--temperature and --seed are for draws; expected them without --greedy");
    }
    startEngine();
    return precision.during(this, this::go);
  }

  private int go() {
    TrainedLanguageModel language = TrainedLanguageModel.load(model());
    PrintWriter out = out();
    StringBuilder pending = new StringBuilder();
    Consumer<String> heard = piece -> show(pending.append(piece), out);
    if (greedy) {
      language.greedy(prompt, length, heard);
    } else {
      language.sample(
          prompt, length, temperature == null ? 1 : temperature, seed == null ? 1 : seed, heard);
    }
    out.println(pending);
    out.flush();
    return 0;
  }

  /** Prints text as it comes; half a line end would be shown as what it is. */
  private static void show(StringBuilder text, PrintWriter out) {
    if (!text.toString().endsWith("\r")) {
      out.print(text);
      text.setLength(0);
      if (out.checkError()) {
        throw Failures.lost();
      }
    }
  }
}
