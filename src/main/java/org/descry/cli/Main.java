package org.descry.cli;

import org.descry.io.Deserialization;
import org.descry.io.Versions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code descry} program: exits with 0, or 1 for a failure, or 2 for a wrong command line. */
@Command(
    name = "descry",
    description = "Trains image classifiers and captioners and puts them to use.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainCommand.class,
      SweepCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      CaptionCommand.class,
      SampleCommand.class,
      DataCommand.class,
      DoctorCommand.class,
      ExportCommand.class,
      GradcheckCommand.class,
      SchemaCommand.class,
      HelpCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print stack traces of failures.")
  private boolean debug;

  private Main() {}

  public static void main(String[] args) {
    Deserialization.refuseAll();
    System.exit(run(commandLine(), args));
  }

  static CommandLine commandLine() {
    Main main = new Main();
    return new CommandLine(main)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> Failures.report(failure, command.getErr(), main.debug));
  }

  /** Executes a command; nothing that goes wrong leaves this method. */
  static int run(CommandLine commandLine, String... args) {
    try {
      return commandLine.execute(args);
    } catch (Error e) { // picocli handles exceptions alone
      Main main = commandLine.getCommand();
      return Failures.report(e, commandLine.getErr(), main.debug);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /** Says the version of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"descry " + Versions.descry()};
    }
  }
}
