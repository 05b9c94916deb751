package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.descry.engine.Engine;
import org.descry.gradcheck.LayerCases;
import org.descry.job.JobFile;
import org.junit.jupiter.api.Test;

/** What the page for students names can be run. */
class CoursePageTest {
  private static final Pattern COMMAND = Pattern.compile("`descry ([^`]+)`");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)[^)]*\\)");

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/course.md"));
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  @Test
  void itsCommandsCanBeRun() throws IOException {
    Engine.start();
    List<LayerCases.Case> layers = LayerCases.all();
    List<String> commands = found(COMMAND, page());
    assertThat(commands).hasSizeGreaterThan(30);
    for (String command : commands) {
      String[] words = command.split(" ");
      assertThat(Main.commandLine().parseArgs(words).errors()).as(command).isEmpty();
      if (words[0].equals("train")) {
        List<String> settings = Stream.of(words).filter(word -> word.contains("=")).toList();
        assertThat(JobFile.read(Path.of(words[1])).set(settings).job()).isNotNull();
      } else if (words[0].equals("sweep")) {
        assertThat(Path.of(words[1])).exists();
      } else if (words[0].equals("gradcheck") && !command.contains("--class")) {
        assertThat(List.of(words).subList(1, words.length))
            .allSatisfy(name -> assertThat(layers).anyMatch(layer -> layer.isNamed(name)));
      }
    }
  }

  /** An image, a page that says how to come to one, or a command that makes one. */
  @Test
  void everyExerciseHasItsImage() throws IOException {
    List<String[]> rows =
        page()
            .lines()
            .filter(line -> line.startsWith("| "))
            .skip(1)
            .map(line -> line.split(" \\| ?"))
            .toList();
    assertThat(rows).hasSizeGreaterThan(20).allMatch(row -> row.length == 4);
    for (String[] row : rows) {
      List<String> links = found(LINK, row[3]);
      assertThat(links).allSatisfy(link -> assertThat(Path.of("docs", link)).isNotEmptyFile());
      assertThat(found(COMMAND, row[2] + row[3]))
          .as(row[0])
          .anyMatch(command -> !command.startsWith("gradcheck") || !links.isEmpty());
    }
  }
}
