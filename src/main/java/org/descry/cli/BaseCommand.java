package org.descry.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.descry.cli.progress.Colours;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command has: help, its printers, and how it refuses a command line. */
@Command(mixinStandardHelpOptions = true)
abstract class BaseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Whether what is said on the way is for programs: objects of JSON on standard error. */
  boolean logsJson() {
    return Main.json(spec);
  }

  Colours colours() {
    return Main.colours(spec);
  }

  /** The values of a parameter, before they are converted. */
  List<String> typed(String label) {
    return spec.positionalParameters().stream()
        .filter(parameter -> parameter.paramLabel().equals(label))
        .flatMap(parameter -> parameter.originalStringValues().stream())
        .toList();
  }

  /** The failure of a command line that cannot be followed. */
  ParameterException refusal(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  void require(boolean holds, String option, Object value, String expected) {
    if (!holds) {
      throw refusal(
          "Invalid value for option '%s': %s; expected %s".formatted(option, value, expected));
    }
  }

  /**
   * Refuses what draws cannot be made with.
   *
   * @param temperature null where none is given
   */
  void requireTemperature(Double temperature) {
    boolean holds = temperature == null || temperature > 0 && Double.isFinite(temperature);
    require(holds, "--temperature", temperature, "a finite number above 0");
  }

  /** Refuses settings that are no assignments. */
  void requireAssignments(Iterable<String> settings) {
    settings.forEach(setting -> require(setting.indexOf('=') >= 1, "--set", setting, "KEY=VALUE"));
  }
}
