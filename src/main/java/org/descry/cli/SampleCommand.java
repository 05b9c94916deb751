package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.descry.kind.language.TrainedLanguageModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code descry sample}: how a language model continues a text. */
@Command(
    name = "sample",
    description = "Continues a text with a language model.",
    mixinStandardHelpOptions = true)
final class SampleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private EngineOptions engine;

  @Parameters(index = "0", paramLabel = "MODEL.zip", description = "The model.")
  private Path model;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      required = true,
      description = "What the model goes on from.")
  private String prompt;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Tokens to add (default: ${DEFAULT-VALUE}).")
  private int length = 200;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "Divides the scores before they become probabilities: above 1 is bolder, below 1 more"
              + " careful (default: ${DEFAULT-VALUE}).")
  private double temperature = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the draws (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--greedy", description = "Always take the likeliest token; nothing is drawn.")
  private boolean greedy;

  @Override
  public Integer call() {
    check("--length", length >= 1, length, "1 or more");
    check("--temperature", temperature > 0, temperature, "more than 0");
    engine.start(spec.commandLine().getErr());
    TrainedLanguageModel language = TrainedLanguageModel.load(model);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        greedy
            ? language.greedy(prompt, length)
            : language.sample(prompt, length, temperature, seed));
    out.flush();
    return 0;
  }

  private void check(String option, boolean holds, Object value, String expected) {
    if (!holds) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '%s': %s; expected %s".formatted(option, value, expected));
    }
  }
}
