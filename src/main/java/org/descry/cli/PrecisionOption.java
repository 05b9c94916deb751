package org.descry.cli;

import java.util.function.Supplier;
import org.descry.engine.dnn.Precision;
import picocli.CommandLine.Option;

/** The option of commands that answer with a model: how exactly it computes. */
final class PrecisionOption {
  @Option(
      names = "--precision",
      paramLabel = "NAME",
      converter = Names.class,
      description =
          "What products and convolutions round their factors to: float32, or bfloat16 where the"
              + " processor has it (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.FLOAT32;

  /** Converts the option. */
  static final class Names extends ByName<Precision> {
    Names() {
      super(Precision.values());
    }
  }

  Precision get() {
    return precision;
  }

  /** Does a command's work, once the engine runs; models have to be opened in it. */
  int during(BaseCommand command, Supplier<Integer> work) {
    return requireHere(precision, command).during(work);
  }

  /** Refuses what this machine cannot do, once the engine runs. */
  static Precision requireHere(Precision precision, BaseCommand command) {
    String obstacle = precision.obstacle();
    command.require(
        obstacle == null,
        "--precision",
        precision,
        "a machine that has it, and not one where " + obstacle);
    return precision;
  }
}
