package org.descry;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs may use is a list of packages; all others say that they are internal. */
class ApiTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?(org\\.descry[a-z.]*)\\.[A-Z]");
  private static final Pattern LISTED = Pattern.compile("(?m)^\\| `(org\\.descry[a-z.]*)` \\|");

  @Test
  void packagesThatAreNotListedSayThatTheyAreInternal() throws IOException {
    Set<String> listed = listed();
    Set<String> open = new TreeSet<>();
    for (Path info : files(SOURCES, "package-info.java")) {
      if (!Files.readString(info).contains("Internal: it changes without notice.")) {
        open.add(SOURCES.relativize(info.getParent()).toString().replace('/', '.'));
      }
    }
    assertThat(open).isEqualTo(listed);
  }

  @Test
  void examplesUseListedPackagesAlone() throws IOException {
    Set<String> imported = new TreeSet<>();
    for (Path example : files(Path.of("examples"), ".java")) {
      imported.addAll(matches(IMPORT, Files.readString(example)));
    }
    assertThat(imported).isNotEmpty().isSubsetOf(listed());
  }

  @Test
  void thePublishedContractIsWhole() throws IOException {
    Pattern include = Pattern.compile("<include>org/descry/testing/([\\w*]+)\\.class</include>");
    String published =
        matches(include, Files.readString(Path.of("pom.xml"))).stream()
            .map(name -> "org\\.descry\\.testing\\." + name.replace("*", "[\\w$]*"))
            .collect(Collectors.joining("|"));
    JavaClasses tests = new ClassFileImporter().importPackages("org.descry.testing");
    assertThat(tests.stream().filter(type -> type.getName().matches(published)))
        .hasSizeGreaterThan(5)
        .flatMap(JavaClass::getDirectDependenciesFromSelf)
        .extracting(dependency -> dependency.getTargetClass().getBaseComponentType())
        .filteredOn(type -> type.getPackageName().equals("org.descry.testing"))
        .allMatch(type -> type.getName().matches(published));
  }

  /** The build compiles benchmarks on demand alone. */
  @Test
  void benchmarksOnDescryCompile(@TempDir Path dir) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d"));
    arguments.add(dir.toString());
    for (String folder : List.of("common", "nd4j")) {
      files(Path.of("src/bench/java", folder), ".java")
          .forEach(file -> arguments.add(file.toString()));
    }
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, errors, arguments.toArray(String[]::new));
    assertThat(exit).as(errors.toString(StandardCharsets.UTF_8)).isZero();
  }

  private static Set<String> listed() throws IOException {
    return matches(LISTED, Files.readString(Path.of("docs/design.md")));
  }

  private static Set<String> matches(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(end)).toList();
    }
  }
}
