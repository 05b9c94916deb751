package org.descry.cli;

import org.descry.job.JobSchema;
import org.descry.sweep.SweepFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code descry schema}: what a job file, or a sweep file, may hold, for editors. */
@Command(
    name = "schema",
    description = "Prints the JSON Schema of the job file, or with --sweep of the sweep file.")
final class SchemaCommand extends BaseCommand {

  @Option(names = "--sweep", description = "That of the sweep file.")
  private boolean sweep;

  @Override
  public Integer call() {
    out().print(sweep ? SweepFile.schema() : JobSchema.text());
    out().flush();
    return 0;
  }
}
