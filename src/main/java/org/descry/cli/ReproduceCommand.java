package org.descry.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.descry.DiskException;
import org.descry.ExitCode;
import org.descry.cli.progress.ConsoleProgress;
import org.descry.io.AsideFolder;
import org.descry.io.IoErrors;
import org.descry.kind.Reproduction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code descry reproduce}: whether a model's training comes out the same. */
@Command(
    name = "reproduce",
    description =
        "Trains a model again, from the job, the seed and the data that its zip names, and says"
            + " whether the bits agree; if not, what has changed. The model stays as it is.")
final class ReproduceCommand extends ModelCommand {
  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "Where the data lie now (default: where the job says).")
  private Path data;

  @Override
  public Integer call() {
    startEngine();
    Reproduction result;
    try (AsideFolder dir = folder()) {
      result = Reproduction.of(model(), data, dir.folder(), ConsoleProgress.to(err(), colours()));
    }
    if (result.same()) {
      out().println("Same bits: " + model() + " is what its training computes here.");
      return ExitCode.DONE.number();
    }
    out()
        .println(
            "Other bits: parameters differ from those of %s by up to %s; %s."
                .formatted(
                    model(),
                    result.distance(),
                    result.changes().isEmpty()
                        ? "nothing that it records has changed"
                        : String.join("; ", result.changes())));
    return ExitCode.FAILURE.number();
  }

  private static AsideFolder folder() {
    try {
      return new AsideFolder(Path.of(System.getProperty("java.io.tmpdir")), "descry-reproduce-");
    } catch (IOException e) {
      throw new DiskException(
          "No folder can be made for the training: %s; expected room in java.io.tmpdir."
              .formatted(IoErrors.of(e)),
          e);
    }
  }
}
