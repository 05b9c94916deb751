package org.descry.cli;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.descry.cli.Cli.Outcome;
import org.descry.io.Deserialization;
import org.descry.io.Json;
import picocli.CommandLine;

/** Reads commands, a line of JSON each, and answers in a line each what became of them. */
final class CliSession {
  private CliSession() {}

  public static void main(String[] args) throws IOException {
    Deserialization.refuseAll(); // as Main does
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      answers.println(Json.line(run(Json.MAPPER.readValue(line, String[].class))));
    }
    System.exit(0);
  }

  private static Outcome run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    CommandLine program =
        Main.commandLine()
            .setOut(new PrintWriter(System.out, true))
            .setErr(new PrintWriter(System.err, true));
    int code = Main.run(program, args);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
