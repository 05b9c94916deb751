package org.descry.cli;

import java.io.PrintWriter;
import java.util.function.Supplier;
import org.descry.engine.Engine;
import org.descry.engine.dnn.Precision;
import picocli.CommandLine.Option;

/** The options of every command that computes: which native binary, and how many threads. */
final class EngineOptions {
  @Option(
      names = "--binary",
      paramLabel = "NAME",
      description =
          "Native binary: plain, onednn, onednn-avx2 or onednn-avx512 (default: DESCRY_BINARY, else"
              + " the fastest that runs here).")
  private String binary;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads (default: DESCRY_THREADS, else OMP_NUM_THREADS, else one a core).")
  private Integer threads;

  /** Starts the engine and says in one line what it runs on. */
  Engine.Choice start(PrintWriter out) {
    Engine.Choice choice = Engine.start(binary, threads);
    out.println(choice + (Precision.emulated() ? ", bfloat16 emulated" : ""));
    out.flush();
    return choice;
  }

  /** The option of commands that answer with a model: how exactly it computes. */
  static final class PrecisionOption {
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
}
