package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SampleCommandTest {
  @TempDir Path dir;

  private Cli.Outcome last;

  private int run(String... args) {
    last = Cli.here(args);
    return last.code();
  }

  /** A text that has no end is shown as it comes, and ends with whoever reads it. */
  private static String shownUntilTheReaderGoes(String model) {
    StringBuilder read = new StringBuilder();
    Writer reader =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            if (read.length() > 100) {
              throw new IOException("Broken pipe");
            }
            read.append(text, from, length);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    StringWriter err = new StringWriter();
    CommandLine program =
        Main.commandLine().setOut(new PrintWriter(reader)).setErr(new PrintWriter(err));
    String length = Integer.toString(Integer.MAX_VALUE);
    assertThat(Main.run(program, "sample", model, "--prompt", "he", "--length", length))
        .isEqualTo(1);
    assertThat(err.toString()).contains("Standard output could not be written to its end");
    return read.toString();
  }

  @Test
  @Timeout(120)
  void continuesAPrompt() throws Exception {
    assertThat(
            run(
                "train",
                "resources/jobs/char-rnn.yaml",
                "--set",
                "output.dir=" + dir,
                "--set",
                "training.epochs=3"))
        .isZero();
    assertThat(last.out()).contains("bits per character");
    String model = dir.resolve("char-rnn/model.zip").toString();
    assertThat(run("sample", model, "--prompt", "he", "--length", "5", "--greedy")).isZero();
    assertThat(last.out()).startsWith("he").hasSize(7 + System.lineSeparator().length());
    assertThat(run("sample", model, "--prompt", "he", "--temperature", "0.8", "--seed", "4"))
        .isZero();
    String drawn = last.out();
    run("sample", model, "--prompt", "he", "--temperature", "0.8", "--seed", "4");
    assertThat(last.out()).isEqualTo(drawn);
    assertThat(shownUntilTheReaderGoes(model)).startsWith("he").hasSizeGreaterThan(100);
    assertThat(run("sample", model, "--prompt", "xyz")).isEqualTo(3);
    assertThat(last.err()).contains("The prompt: \"x\" is not among the 8 tokens");
    assertThat(run("sample", model, "--prompt", "he", "--temperature", "0")).isEqualTo(2);
    assertThat(run("sample", model)).isEqualTo(2);
    assertThat(run("evaluate", model)).isZero();
    assertThat(last.out()).contains("perplexity", "bits per character");
    Path text = Files.writeString(dir.resolve("other.txt"), "hello help");
    assertThat(run("evaluate", model, "--data", text.toString())).isEqualTo(3);
    assertThat(last.err()).contains("other.txt: \"p\" is not among").isNotEmpty();
    Files.writeString(text, "hello hell");
    assertThat(run("evaluate", model, "--data", text.toString())).isZero();
    assertThat(last.out()).contains("perplexity");
  }
}
