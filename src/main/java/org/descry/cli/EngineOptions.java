package org.descry.cli;

import java.io.PrintWriter;
import org.descry.engine.Engine;
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
    out.println(choice);
    out.flush();
    return choice;
  }
}
