package org.descry.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.descry.cases.Case.Desk;
import org.descry.cli.Cli;
import org.descry.testing.Shared;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people brought, from the command line. */
@Timeout(600)
class CasesTest {
  @TempDir static Path dir;

  private static Cli.Session session;

  @BeforeAll
  static void start() throws IOException {
    session = new Cli.Session(dir);
  }

  @AfterAll
  static void end() throws IOException {
    session.close();
  }

  private static List<Case> cases() {
    return Stream.of(CaptionCases.ALL, ImageCases.ALL, TextCases.ALL, TrainingCases.ALL)
        .flatMap(List::stream)
        .sorted(Comparator.comparing(Case::name))
        .toList();
  }

  private interface Run {
    void of(Case one) throws Exception;
  }

  private static Stream<DynamicTest> tests(Run run) {
    return cases().stream().map(one -> dynamicTest(one.name(), () -> run.of(one)));
  }

  @TestFactory
  Stream<DynamicTest> withDataOfOurOwn() {
    assertThat(cases()).hasSize(23);
    return tests(
        one -> {
          Path folder = Files.createDirectory(dir.resolve(one.name()));
          one.data().write(folder);
          one.check().on(new Desk(folder, session));
        });
  }

  /** The same commands where the files were found, in a JVM that runs there. */
  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> asTheyWereFound() {
    Path found = Shared.require("cases");
    return tests(
        one -> {
          Path folder = dir.resolve("found-" + one.name());
          copy(found.resolve(one.name()), folder);
          try (Cli.Session there = new Cli.Session(folder)) {
            one.check().on(new Desk(folder, there));
          }
        });
  }

  /** Without the permissions of what is copied: it may be read-only. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.write(target, Files.readAllBytes(file));
        }
      }
    }
  }
}
