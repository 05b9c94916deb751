package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Every path that a command line can name. */
class EmptyPathTest {
  /** An unset variable of a script; it would be the working folder. */
  @Test
  void noPathIsEmpty() {
    List<String> asked = new ArrayList<>();
    requirePaths(Main.commandLine(), List.of(), asked);
    assertThat(asked)
        .contains("train JOB.yaml", "predict IMAGE", "serve --tls-key", "data convert DST");
  }

  private static void requirePaths(CommandLine command, List<String> names, List<String> asked) {
    command.getSubcommands().forEach((name, sub) -> requirePaths(sub, plus(names, name), asked));
    for (ArgSpec arg : command.getCommandSpec().args()) {
      if (arg.type() == Path.class || List.of(arg.auxiliaryTypes()).contains(Path.class)) {
        List<String> line = new ArrayList<>(names);
        String shown = arg.paramLabel();
        if (arg instanceof OptionSpec option) {
          shown = option.longestName();
          line.add(shown);
        } else {
          int before = ((PositionalParamSpec) arg).index().min();
          line.addAll(Collections.nCopies(before, "shapes"));
        }
        Cli.Outcome outcome = Cli.here(plus(line, "").toArray(String[]::new));
        assertThat(outcome.code()).as(shown).isEqualTo(2);
        assertThat(outcome.err())
            .as(shown)
            .contains("Invalid value for ", shown, "expected a file or folder, got ''");
        asked.add(String.join(" ", plus(names, shown)));
        if (!shown.equals("IMAGE")) { // which may be the text of a sequence
          assertThat(Cli.here(plus(line, "~/x").toArray(String[]::new)).err())
              .as(shown)
              .contains("expected a path without ~, got '~/x'");
        }
      }
    }
  }

  private static List<String> plus(List<String> all, String one) {
    return Stream.concat(all.stream(), Stream.of(one)).toList();
  }
}
