package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.descry.engine.Engine;
import org.descry.gradcheck.LayerCases;
import org.junit.jupiter.api.Test;

/** What the page for students names can be run. */
class CoursePageTest {
  @Test
  void itsCommandsCanBeRun() throws IOException {
    Engine.start();
    List<LayerCases.Case> layers = LayerCases.all();
    List<String> commands =
        Pattern.compile("`descry ([^`]+)` ?[|(]")
            .matcher(Files.readString(Path.of("docs/course.md")))
            .results()
            .map(command -> command.group(1))
            .toList();
    assertThat(commands).hasSizeGreaterThan(20);
    for (String command : commands) {
      String[] words = command.split(" ");
      assertThat(Main.commandLine().parseArgs(words).errors()).as(command).isEmpty();
      Arrays.stream(words)
          .filter(word -> word.startsWith("resources/"))
          .forEach(file -> assertThat(Path.of(file)).exists());
      if (words[0].equals("gradcheck") && !command.contains("--class")) {
        assertThat(List.of(words).subList(1, words.length))
            .allSatisfy(name -> assertThat(layers).anyMatch(layer -> layer.isNamed(name)));
      }
    }
  }
}
