package org.descry.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code descry completion}: what shells complete command lines with. */
@Command(
    name = "completion",
    description =
        "Prints a script with which bash and zsh complete descry's commands, options and files.")
final class CompletionCommand extends BaseCommand {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine program = spec.root().commandLine();
    out().print(AutoComplete.bash(program.getCommandName(), program));
    out().flush();
    return 0;
  }
}
