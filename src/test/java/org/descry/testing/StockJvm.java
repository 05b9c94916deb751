package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles and runs programs that have DL4J and its libraries, and nothing of Descry. */
public final class StockJvm {
  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  private StockJvm() {}

  /**
   * Compiles a program and runs it in a JVM of its own.
   *
   * @param className the public class of the source, with a main method
   * @param folder the working folder, where the classes go too
   * @return what it printed
   */
  public static String run(String className, String source, Path folder, String... arguments) {
    return run(className, source, false, folder, arguments);
  }

  /**
   * @param descry whether it has Descry on its class path after all
   */
  public static String run(
      String className, String source, boolean descry, Path folder, String... arguments) {
    String classPath = classPath(descry) + File.pathSeparator + folder;
    compile(className, source, classPath, folder);
    return start(className, classPath, folder, arguments);
  }

  /**
   * Runs a program of the tests in a JVM of its own.
   *
   * @param descry whether it has Descry on its class path after all
   * @param program a class that needs no other of the tests, with a main method
   * @param folder the working folder, where the class goes too
   * @return what it printed
   */
  public static String run(Class<?> program, boolean descry, Path folder, String... arguments) {
    try (Stream<Path> classes = Files.list(Path.of(program.getResource("").toURI()))) {
      Path target = folder.resolve(program.getPackageName().replace('.', '/'));
      Files.createDirectories(target);
      String name = program.getSimpleName();
      for (Path file : classes.filter(c -> c.getFileName().toString().startsWith(name)).toList()) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return start(
        program.getName(), classPath(descry) + File.pathSeparator + folder, folder, arguments);
  }

  private static String start(
      String className, String classPath, Path folder, String... arguments) {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-D%s=%s".formatted(EXTENSION, System.getProperty(EXTENSION, "")),
                    "-Dfile.encoding=UTF-8",
                    "-cp",
                    classPath,
                    className),
                Arrays.stream(arguments))
            .toList();
    try {
      Path errors = folder.resolve(className + ".err");
      ProcessBuilder program =
          new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
      program.environment().put("ORT_DISABLE_TELEMETRY", "1"); // as docs/export.md says
      Process process = program.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output + Files.readString(errors)).isZero();
      return output;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String classPath(boolean descry) {
    return descry ? System.getProperty("java.class.path") : libraries();
  }

  /** The class path's jars without the folders of Descry's classes, and without a logger. */
  private static String libraries() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .filter(entry -> !entry.matches(".*(descry|logback)[^/]*\\.jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Compiles a program, and fails where it does not compile. */
  public static void compile(String className, String source, String classPath, Path folder) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavaFileObject unit =
        new SimpleJavaFileObject(
            URI.create("string:///" + className + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    StringWriter messages = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of("-cp", classPath, "-d", folder.toString(), "-proc:none", "--release", "17"),
                null,
                List.of(unit))
            .call();
    assertThat(compiled).as(messages + source).isTrue();
  }
}
