package org.descry.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the tests' class path, each in a JVM of its own. */
public final class ChildJvm {
  /** With what bin/descry starts these versions, which else warn of what ND4J does. */
  private static final List<String> FLAGS =
      Runtime.version().feature() < 24
          ? List.of()
          : List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  private ChildJvm() {}

  /** A JVM as it is by default. */
  public static ProcessBuilder of(Class<?> main, String... arguments) {
    return of(List.of(), main, arguments);
  }

  /**
   * @param options of the JVM
   * @param main has a main method
   */
  public static ProcessBuilder of(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
