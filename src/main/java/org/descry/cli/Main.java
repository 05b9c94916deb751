package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.descry.ExitCode;
import org.descry.UsageException;
import org.descry.archive.ReadAhead;
import org.descry.cli.help.CompletionCommand;
import org.descry.cli.help.HelpTexts;
import org.descry.cli.help.TypedNumbers;
import org.descry.cli.progress.Colours;
import org.descry.cli.progress.Printer;
import org.descry.io.Deserialization;
import org.descry.io.Logging;
import org.descry.io.Versions;
import org.descry.job.schema.FilePath;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The {@code descry} program: exits as {@link ExitCode} says. */
@Command(
    name = "descry",
    description = "Trains image classifiers and captioners and puts them to use.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
  private static final byte[] OUT_OF_MEMORY = Failures.outOfMemory();

  private static final List<Class<?>> COMMANDS =
      List.of(
          TrainCommand.class,
          SweepCommand.class,
          InitCommand.class,
          RunsCommand.class,
          RunsCommand.Compare.class,
          EvaluateCommand.class,
          ReproduceCommand.class,
          PredictCommand.class,
          CaptionCommand.class,
          SampleCommand.class,
          ServeCommand.class,
          DataCommand.class,
          DoctorCommand.class,
          ExportCommand.class,
          GradcheckCommand.class,
          SchemaCommand.class,
          SummaryCommand.class,
          CompletionCommand.class,
          HelpCommand.class);

  /** Those that tell of the others. */
  private static final Set<Class<?>> OF_ALL = Set.of(CompletionCommand.class, HelpCommand.class);

  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print stack traces of failures.")
  private boolean debug;

  private boolean json;

  @Option(
      names = "--log",
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "How standard error is written: text for people, or json, an object a line, with a"
              + " training's progress among them.")
  private void log(Format format) {
    json = format == Format.JSON;
    System.setProperty(Logging.FORMAT, json ? "json" : "text");
  }

  @Option(
      names = "--color",
      scope = ScopeType.INHERIT,
      paramLabel = "WHEN",
      defaultValue = "auto",
      description =
          "Whether the best epoch or candidate is in colour: auto (on a terminal, unless NO_COLOR"
              + " is set), always or never.")
  private Colours colours;

  /** When there are colours. */
  static Colours colours(CommandSpec command) {
    return ((Main) command.root().userObject()).colours;
  }

  /** Of standard error. */
  private enum Format {
    TEXT,
    JSON
  }

  /** Whether standard error takes objects of JSON. */
  static boolean json(CommandSpec command) {
    return ((Main) command.root().userObject()).json;
  }

  private Main() {}

  public static void main(String[] args) {
    Logging.start();
    Locale.setDefault(Locale.ROOT); // libraries ask for it
    Deserialization.refuseAll();
    ReadAhead ahead = ReadAhead.of(args);
    CommandLine program =
        commandLine(args)
            .setExecutionStrategy(
                parsed -> {
                  ahead.mayLog(); // --log is known
                  return new RunLast().execute(parsed);
                });
    System.exit(run(program, args));
  }

  /**
   * The program, with the command alone that the first word names, if it does: picocli looks
   * through each that there is, which takes as long as much of the start does.
   */
  static CommandLine commandLine(String... words) {
    Main main = new Main();
    CommandLine program = new CommandLine(main);
    commands(words).forEach(program::addSubcommand);
    HelpTexts.addTo(program);
    TypedNumbers.addTo(program);
    return program
        .registerConverter(Path.class, Main::path)
        .setExpandAtFiles(false) // a prompt or a file may begin with an @
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF)) // a printer shows escapes
        .setParameterExceptionHandler(
            (wrong, args) -> {
              PrintWriter err = wrong.getCommandLine().getErr();
              if (main.json) {
                return Failures.report(
                    new UsageException(wrong.getMessage(), wrong), err, main.debug, true);
              }
              HelpTexts.refuse(wrong, err);
              return ExitCode.USAGE.number();
            })
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              Printer.of(command.getErr()).clear();
              return Failures.report(failure, command.getErr(), main.debug, main.json);
            })
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static List<Class<?>> commands(String... words) {
    return COMMANDS.stream()
        .filter(command -> words.length > 0 && !OF_ALL.contains(command))
        .filter(command -> command.getAnnotation(Command.class).name().equals(words[0]))
        .findFirst()
        .<List<Class<?>>>map(List::of)
        .orElse(COMMANDS);
  }

  /** An empty text would be the working folder, which is hardly what an unset variable means. */
  static Path path(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException("expected a file or folder, got '%s'".formatted(text));
    }
    if (FilePath.isHome(text)) { // a shell knows it at the beginning of a word alone
      throw new TypeConversionException("expected a path without ~, got '%s'".formatted(text));
    }
    return asIs(text);
  }

  /** Whatever may be a path, or something else. */
  static Path asIs(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(Failures.unnameable(e));
    }
  }

  /** Executes a command; nothing that goes wrong leaves this method. */
  static int run(CommandLine commandLine, String... args) {
    commandLine.setOut(Printer.of(commandLine.getOut())); // one printer for all subcommands
    commandLine.setErr(Printer.of(commandLine.getErr()));
    Main main = commandLine.getCommand();
    try {
      return toEnd(main, commandLine, args);
    } catch (OutOfMemoryError e) { // of the report: other threads have taken what was free
      System.err.write(OUT_OF_MEMORY, 0, OUT_OF_MEMORY.length);
      System.err.flush();
      return ExitCode.MEMORY.number();
    } finally {
      Interruption.end();
    }
  }

  private static int toEnd(Main main, CommandLine commandLine, String... args) {
    int code = execute(main, commandLine, args);
    // Printers keep quiet about a full disk or a closed pipe until they are asked.
    boolean lost = commandLine.getOut().checkError() | System.out.checkError();
    if (lost && code == ExitCode.DONE.number()) {
      return Failures.report(Failures.lost(), commandLine.getErr(), false, main.json);
    }
    return code;
  }

  private static int execute(Main main, CommandLine commandLine, String... args) {
    try {
      return commandLine.execute(args);
    } catch (Error e) { // picocli handles exceptions alone
      return Failures.report(e, commandLine.getErr(), main.debug, main.json);
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
