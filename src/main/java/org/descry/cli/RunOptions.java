package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Stack;
import org.descry.ExitCode;
import org.descry.train.Training.Start;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What the commands have in common that can be interrupted and can go on. */
final class RunOptions {
  @Option(
      names = "--resume",
      arity = "0..1",
      paramLabel = "auto",
      preprocessor = Attached.class,
      description =
          "Go on with the earlier run of the name. --resume=auto begins one if there is none, and"
              + " does nothing if it has ended.")
  private String resume;

  @Option(names = "--force", description = "Replace an earlier run of the name.")
  private boolean force;

  @Option(
      names = "--exit-resumable",
      description = "End with exit code 75 when interrupted: the run can go on with --resume.")
  private boolean resumable;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description =
          "Name of this run: it lies in a folder of its own in the job's, as with output.layout"
              + " dated. With --resume: the run to go on with (default: the newest).")
  private String runId;

  /** Takes a value only where it is attached, so that the file behind the option is none. */
  static final class Attached implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      boolean attached = "=".equals(info.get("separator"));
      String value = attached ? args.pop() : "";
      if (attached && !value.equals("auto")) {
        throw new ParameterException(
            command.commandLine(),
            "Invalid value for option '--resume': " + value + "; expected auto, or no value");
      }
      option.setValue(value);
      return true;
    }
  }

  /**
   * @throws ParameterException if they contradict one another
   */
  void check(BaseCommand command) {
    if (resume != null && force) {
      throw command.refusal("--resume and --force exclude one another; expected one of them");
    }
  }

  Start start() {
    if (resume != null) {
      return resume.equals("auto") ? Start.AUTO : Start.RESUME;
    }
    return force ? Start.REPLACE : Start.NEW;
  }

  /** Null for none. */
  String runId() {
    return runId;
  }

  /** Tells that a run has come to its end in an earlier program. */
  static int endedAlready(Path folder, PrintWriter err) {
    err.printf("%s has ended already; there is nothing to go on with.%n", folder);
    return ExitCode.DONE.number();
  }

  /** What an interrupted run answers; null for what the signal says. */
  ExitCode interrupted() {
    return resumable ? ExitCode.RESUMABLE : null;
  }
}
