package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.descry.cli.progress.Wording;
import org.descry.io.AtomicFiles;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.train.compare.RunComparison;
import org.descry.train.folder.StoredRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code descry runs}: which runs there are and what became of them. */
@Command(name = "runs", description = "Lists the runs below a folder, the latest first.")
final class RunsCommand extends BaseCommand {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "The folder that holds them (default: ${DEFAULT-VALUE}).")
  private Path dir = Path.of("runs");

  @Override
  public Integer call() {
    print(StoredRun.below(dir, err()::println), out());
    return 0;
  }

  static void print(List<StoredRun> runs, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("run", "state", "epochs", "best", "test", "time", "begun"));
    runs.forEach(run -> rows.add(row(run)));
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(String.format("%-" + widths[i] + "s  ", row.get(i)));
      }
      out.println(line.toString().stripTrailing());
    }
    out.flush();
  }

  private static List<String> row(StoredRun run) {
    String best = run.best().map(epoch -> best(run.selection(), epoch)).orElse("-");
    return List.of(
        run.name(),
        run.state(),
        run.epochs().size() + "/" + run.plannedEpochs(),
        best,
        run.test().map(Wording::number).orElse("-"),
        Wording.time(Math.round(run.seconds())),
        TIME.format(run.begun().atZone(ZoneId.systemDefault())));
  }

  private static String best(Metric by, EpochMetrics epoch) {
    String name = Metric.words(by.name()).replaceFirst(EpochMetrics.VALIDATION + " ", "");
    return "%s %s (epoch %s)"
        .formatted(name, Wording.number(epoch.value(by.name())), epoch.epoch());
  }

  /** {@code descry compare}: runs beside one another. */
  @Command(
      name = "compare",
      description =
          "Shows runs beside one another in one page: figures, curves, and the settings in which"
              + " they differ.")
  static final class Compare extends BaseCommand {
    @Parameters(
        arity = "1..*",
        paramLabel = "RUN",
        description = "Folders of runs, or of jobs with several, of which the newest is taken.")
    private List<Path> folders;

    @Option(
        names = "--to",
        paramLabel = "HTML",
        description = "The page to write (default: ${DEFAULT-VALUE}).")
    private Path page = Path.of("runs.html");

    @Override
    public Integer call() {
      if (folders.size() < 2) {
        throw refusal("There is one folder, " + folders.get(0) + "; expected two or more");
      }
      AtomicFiles.requireWritable(page);
      List<StoredRun> runs = folders.stream().map(StoredRun::in).toList();
      RunComparison comparison = new RunComparison(runs);
      comparison.write(page);
      print(runs, out());
      comparison
          .differences()
          .forEach((key, values) -> out().println(key + ": " + String.join(" | ", values)));
      out().println("The comparison: " + page);
      out().flush();
      return 0;
    }
  }
}
