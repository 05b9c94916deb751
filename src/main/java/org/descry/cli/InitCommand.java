package org.descry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.UsageException;
import org.descry.data.convert.DataGuess;
import org.descry.io.AtomicFiles;
import org.descry.io.IoErrors;
import org.descry.kind.JobDraft;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code descry init}: from data to a job file. */
@Command(
    name = "init",
    description =
        "Looks at data (class folders of images, CIFAR files, captions, texts, labelled sequences)"
            + " and writes a commented job file that trains on it.")
final class InitCommand extends BaseCommand {
  private static final int LONGEST_NAME = 60;

  @Parameters(paramLabel = "DATA", description = "The folder, or the file of captions or text.")
  private Path data;

  @Option(
      names = "--to",
      paramLabel = "JOB.yaml",
      description = "The file to write (default: the data's name with .yaml, in this folder).")
  private Path file;

  @Override
  public Integer call() {
    String name = name();
    Path written = file == null ? Path.of(name + ".yaml") : file;
    if (Files.exists(written)) {
      throw new UsageException(
          "%s is there already; expected a new file: --to FILE, or move it away."
              .formatted(written));
    }
    AtomicFiles.requireWritable(written);
    DataGuess found = DataGuess.of(data);
    try {
      AtomicFiles.write(written, JobDraft.of(found, name, written));
    } catch (IOException e) {
      throw IoErrors.unwritable(written, e);
    }
    out().printf("%s: %s; the job: %s%n", data, found.words(), written);
    err().printf("Try it: descry train %s --fast-dev-run%n", written);
    out().flush();
    err().flush();
    return 0;
  }

  /** Of the file or folder, with nothing in it that a job's name may not have. */
  private String name() {
    String last = data.toAbsolutePath().normalize().getFileName() + "";
    String name =
        last.replaceFirst("(?<=.)\\.[A-Za-z0-9]{1,6}$", "")
            .replaceAll("[^A-Za-z0-9_-]+", "-")
            .replaceFirst("^[^A-Za-z0-9]+", "");
    return name.isEmpty() ? "job" : name.substring(0, Math.min(LONGEST_NAME, name.length()));
  }
}
