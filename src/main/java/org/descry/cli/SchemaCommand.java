package org.descry.cli;

import java.util.concurrent.Callable;
import org.descry.train.job.JobSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code descry schema}: what a job file may hold, for editors. */
@Command(
    name = "schema",
    description = "Prints the JSON Schema of the job file.",
    mixinStandardHelpOptions = true)
final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(JobSchema.text());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
