package org.descry.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The option {@code --set} of the commands that read a file of settings. */
final class Settings {
  private Settings() {}

  /** Refuses what is no assignment as a wrong command line. */
  static void check(List<String> assignments, CommandSpec spec) {
    for (String assignment : assignments) {
      if (assignment.indexOf('=') < 1) {
        throw new ParameterException(
            spec.commandLine(),
            "Invalid value for option '--set': " + assignment + "; expected KEY=VALUE");
      }
    }
  }
}
