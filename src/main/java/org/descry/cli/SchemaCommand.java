package org.descry.cli;

import java.util.concurrent.Callable;
import org.descry.job.JobSchema;
import org.descry.sweep.SweepFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code descry schema}: what a job file, or a sweep file, may hold, for editors. */
@Command(
    name = "schema",
    description = "Prints the JSON Schema of the job file, or with --sweep of the sweep file.",
    mixinStandardHelpOptions = true)
final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--sweep", description = "That of the sweep file.")
  private boolean sweep;

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(sweep ? SweepFile.schema() : JobSchema.text());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
