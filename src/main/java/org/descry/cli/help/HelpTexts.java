package org.descry.cli.help;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Below each command's help: an example, the exit codes and the environment. */
public final class HelpTexts {
  private static final Map<String, String> EXAMPLES =
      Map.ofEntries(
          Map.entry("train", "resources/jobs/shapes-convnet.yaml --set training.epochs=5"),
          Map.entry("sweep", "resources/sweeps/word-rnn.yaml --workers 2"),
          Map.entry("sweep report", "runs/first runs/second --to sweeps.html"),
          Map.entry("sweep top", "runs/word-rnn-sweep -n 3 --retrain"),
          Map.entry("summary", "resources/jobs/shapes-convnet.yaml"),
          Map.entry("init", "images --to job.yaml"),
          Map.entry("runs", "runs"),
          Map.entry("compare", "runs/first runs/second --to runs.html"),
          Map.entry("evaluate", "runs/shapes-convnet/model.zip --data images"),
          Map.entry("reproduce", "runs/shapes-convnet/model.zip"),
          Map.entry("predict", "models/shapes-classifier.zip image.png --top 3"),
          Map.entry("caption", "models/shapes-captioner.zip image.png --beam 3"),
          Map.entry("sample", "models/word-rnn.zip --prompt TEXT --length 20"),
          Map.entry("serve", "models --port 8080"),
          Map.entry("export", "models/shapes-classifier.zip --format onnx --out shapes.onnx"),
          Map.entry("data inspect", "images --contact-sheet sheet.png"),
          Map.entry("data convert", "images cifar"),
          Map.entry("data pack", "images packed"),
          Map.entry("data make", "shapes shapes"),
          Map.entry("gradcheck", "conv2d"),
          Map.entry("doctor", "--json"),
          Map.entry("schema", "--sweep"),
          Map.entry("completion", "--help"));

  private static final String EXIT_CODES =
      "Exit codes: 0 done, 1 failure, 2 command line or job, 3 data or model, 4 disk, 5 memory,"
          + " 6 diverged, 75 interrupted with --exit-resumable, 130 and 143 interrupted.";

  private static final String ENVIRONMENT =
      "Environment: DESCRY_THREADS, DESCRY_BINARY (as --threads and --binary), COLUMNS, CI,"
          + " TERM=dumb (no status line), NO_COLOR.";

  private HelpTexts() {}

  /** Gives each command below a program its texts. */
  public static void addTo(CommandLine program) {
    program
        .getSubcommands()
        .forEach(
            (name, command) -> {
              String whole = command.getCommandSpec().qualifiedName().replaceFirst("\\S+ ", "");
              String example = EXAMPLES.get(whole);
              if (example != null) {
                command
                    .getCommandSpec()
                    .usageMessage()
                    .footer(
                        "", "Example: descry " + whole + " " + example, EXIT_CODES, ENVIRONMENT);
              }
              addTo(command);
            });
  }

  /** Says in three lines at most what is wrong, what would be right, and where there is more. */
  public static void refuse(ParameterException wrong, PrintWriter err) {
    CommandLine command = wrong.getCommandLine();
    String sentence = wrong.getMessage().lines().findFirst().orElse("");
    if (wrong instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      sentence += "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    String name = command.getCommandSpec().qualifiedName();
    String synopsis = command.getHelp().synopsis(0).lines().findFirst().orElse(name);
    err.println(sentence);
    err.println("Usage: " + synopsis.strip());
    err.println(
        command.getCommandSpec().parent() == null
            ? "Commands: "
                + String.join(", ", command.getSubcommands().keySet())
                + "; descry COMMAND --help says more."
            : name + " --help says more.");
    err.flush();
  }
}
