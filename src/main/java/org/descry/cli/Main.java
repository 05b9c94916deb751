package org.descry.cli;

import org.descry.engine.Engine;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code descry} program. */
@Command(name = "descry", mixinStandardHelpOptions = true)
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Engine.start();
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
