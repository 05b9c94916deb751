package org.descry.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on the screen of a terminal, by tmux, while the program writes to it. */
class ScreenTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path dir;
  private Path socket;

  @BeforeEach
  void needsTmux() throws Exception {
    socket = dir.resolve("socket");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/tmux")), "needs tmux");
  }

  @AfterEach
  void end() throws Exception {
    tmux("kill-server");
  }

  private String tmux(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("tmux", "-f", "/dev/null", "-S"));
    command.add(socket.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().keySet().removeAll(List.of("CI", "COLUMNS", "NO_COLOR", "TMUX", "LINES"));
    process.environment().put("LC_ALL", "C.UTF-8");
    Process running = process.start();
    String text = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    running.waitFor();
    return text;
  }

  private void start(int columns, String prefix, String suffix) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path script = dir.resolve("run");
    Files.writeString(
        script,
        "%s %s -XX:TieredStopAtLevel=1 -cp '%s' %s '%s' %s\n"
            .formatted(
                prefix,
                java,
                System.getProperty("java.class.path"),
                ScreenDemo.class.getName(),
                dir.resolve("go"),
                suffix));
    tmux(
        "start-server",
        ";",
        "set-option",
        "-g",
        "remain-on-exit",
        "on",
        ";",
        "new-session",
        "-d",
        "-x",
        "" + columns,
        "-y",
        "24",
        "sh " + script);
  }

  /**
   * The screen once that is on it.
   *
   * @param awaited a regular expression, within a line
   */
  private List<String> screen(String awaited, String... options) throws Exception {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < PATIENCE) {
      String shown = tmux(concat(List.of("capture-pane", "-p"), options));
      if (Pattern.compile(awaited).matcher(shown).find()) {
        return shown.lines().filter(line -> !line.isBlank()).toList();
      }
      Thread.sleep(50);
    }
    throw new IOException("no " + awaited + " on the screen: " + tmux("capture-pane", "-p"));
  }

  private static String[] concat(List<String> some, String... others) {
    List<String> all = new ArrayList<>(some);
    all.addAll(List.of(others));
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80})
  void aStatusIsRewrittenInItsLineAndGoes(int columns) throws Exception {
    start(columns, "", "");
    List<String> running = screen("epoch 2/3 \\[.*20/40");
    assertThat(running.stream().filter(line -> line.startsWith("epoch 2/3"))).hasSize(1);
    assertThat(running.get(running.size() - 1)).startsWith("epoch 2/3 [").hasSizeLessThan(columns);
    assertThat(running.stream().filter(line -> line.startsWith("epoch 1/3"))).hasSize(1);

    Files.createFile(dir.resolve("go"));
    screen("the end");
    // Lines that were wrapped are joined: there are none, but for the first, which is no status.
    List<String> joined = screen("the end", "-J");
    assertThat(joined.stream().filter(line -> line.startsWith("epoch")))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line.strip()).hasSizeLessThan(columns))
        .allSatisfy(line -> assertThat(line).contains("accuracy 0."));
    assertThat(joined).noneMatch(line -> line.contains("20/40") || line.contains("["));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NO_COLOR=1"})
  void theBestIsGreenAndNotWithNoColor(String environment) throws Exception {
    start(80, environment, "");
    boolean green =
        screen("epoch 1/3  ", "-e").stream()
            .anyMatch(line -> line.startsWith("\u001b[32mepoch 1/3"));
    assertThat(green).isEqualTo(environment.isEmpty());
  }

  @Test
  void inAPipeThereIsNoBar() throws Exception {
    Files.createFile(dir.resolve("go"));
    start(80, "", "2>&1 | cat");
    assertThat(screen("the end", "-J", "-S", "-"))
        .noneMatch(line -> line.startsWith("epoch 2/3 20") || line.startsWith("\r"))
        .anyMatch(line -> line.contains("learning rate 0.001"));
  }
}
