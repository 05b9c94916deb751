package org.descry.cli;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.descry.io.Json;
import org.descry.testing.ChildJvm;
import picocli.CommandLine;

/**
 * The program as its users have it: in JVMs of their own, without what the tests' JVM sets up, with
 * exit codes and output for answers.
 */
public interface Cli {
  /** What a command leaves behind; both texts have plain line ends. */
  record Outcome(int code, String out, String err) {
    /** All that was printed. */
    public String all() {
      return out + err;
    }
  }

  /** Runs a command in a folder; what is said of a file there may be relative. */
  Outcome run(Path folder, String... args) throws IOException;

  /** Runs a command in this JVM and its folder. */
  static Outcome here(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine program =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return new Outcome(Main.run(program, args), out.toString(), err.toString());
  }

  /** The file of a job that takes no time to speak of; its runs lie beside it. */
  static String smallJob(Path folder, int epochs) throws IOException {
    return Files.writeString(
            folder.resolve("job.yaml"),
            """
            name: small
            model: {type: three-layer-convnet, filters: 4, filterSize: 3, hidden: 16}
            data: {source: shapes, train: 40, validation: 10, test: 10}
            training: {epochs: %s, batchSize: 20}
            output: {dir: %s}
            """
                .formatted(epochs, folder.resolve("runs")))
        .toString();
  }

  /** A JVM for each command, in whose folder it runs. */
  Cli PROCESSES =
      (folder, args) -> {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        try {
          Process process =
              program(Main.class, args)
                  .directory(folder.toFile())
                  .redirectOutput(out.toFile())
                  .redirectError(err.toFile())
                  .start();
          if (!process.waitFor(100, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("no end of descry %s".formatted(Arrays.toString(args)));
          }
          return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException(e);
        } finally {
          Files.deleteIfExists(out);
          Files.deleteIfExists(err);
        }
      };

  /** A JVM of one thread for a class with a main method. */
  static ProcessBuilder program(Class<?> main, String... args) {
    ProcessBuilder program =
        ChildJvm.of(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx2g"), main, args);
    program.environment().put("DESCRY_THREADS", "1");
    return program;
  }

  /**
   * One JVM for many commands, each run as {@code main} runs it. In another folder than the JVM's,
   * what they say of files there is made absolute, and so is where they leave their runs.
   */
  final class Session implements Cli, AutoCloseable {
    private final Path home;
    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader outcomes;

    public Session(Path home) throws IOException {
      this.home = home;
      process =
          program(CliSession.class)
              .directory(home.toFile())
              .redirectError(home.resolve("session.err").toFile())
              .start();
      commands = process.outputWriter(StandardCharsets.UTF_8);
      outcomes = process.inputReader(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized Outcome run(Path folder, String... args) throws IOException {
      commands.write(Json.line(folder.equals(home) ? args : absolute(folder, args)) + "\n");
      commands.flush();
      String outcome = outcomes.readLine();
      if (outcome == null) {
        throw new IOException("the program's JVM is gone: " + Arrays.toString(args));
      }
      return Json.MAPPER.readValue(outcome, Outcome.class);
    }

    private static List<String> absolute(Path folder, String... args) {
      Stream<String> own = Arrays.stream(args).map(arg -> absolute(folder, arg));
      Stream<String> runs =
          List.of("train", "sweep").contains(args[0])
              ? Stream.of("--set", "output.dir=" + folder.resolve("runs"))
              : Stream.empty();
      return Stream.concat(own, runs).toList();
    }

    private static String absolute(Path folder, String arg) {
      int value = arg.indexOf('=') + 1;
      Path file = folder.resolve(arg.substring(value));
      boolean exists = value < arg.length() && Files.exists(file);
      return exists ? arg.substring(0, value) + file.toAbsolutePath() : arg;
    }

    @Override
    public void close() throws IOException {
      commands.close(); // the end of its input is its end
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A file that a command left. */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
