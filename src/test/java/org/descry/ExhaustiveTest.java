package org.descry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.descry.job.ActivationName;
import org.descry.job.Cases;
import org.descry.job.CellName;
import org.descry.job.RnnName;
import org.descry.job.ScheduleSettings;
import org.descry.kernel.Activation;
import org.descry.kernel.RnnCell;

/** A choice among the classes of a sealed type, or the values of an enum, forgets none of them. */
@AnalyzeClasses(packages = "org.descry", importOptions = ImportOption.DoNotIncludeTests.class)
class ExhaustiveTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern SWITCH = Pattern.compile("switch \\([^{]*\\) \\{");
  private static final Pattern CASE = Pattern.compile("case ([A-Z_0-9, \\s]+?)(?: ->|:)");

  @ArchTest
  static void casesHaveAnArmForEachClass(JavaClasses classes) throws ReflectiveOperationException {
    List<JavaClass> holders =
        classes.stream()
            .filter(
                type ->
                    type.getFields().stream()
                        .anyMatch(field -> field.getRawType().isEquivalentTo(Cases.class)))
            .toList();
    assertThat(holders).hasSizeGreaterThan(3);
    for (JavaClass holder : holders) {
      assertThat(Class.forName(holder.getName())).isNotNull(); // which makes its cases
    }
  }

  @ArchTest
  static void aForgottenArmIsFound(JavaClasses ignored) {
    assertThatThrownBy(
            () ->
                Cases.<ScheduleSettings, Integer>of(ScheduleSettings.class)
                    .when(ScheduleSettings.Constant.class, constant -> 1)
                    .same(
                        2,
                        ScheduleSettings.Step.class,
                        ScheduleSettings.Exponential.class,
                        ScheduleSettings.Cosine.class,
                        ScheduleSettings.OneCycle.class,
                        ScheduleSettings.Plateau.class)
                    .exhaustive())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("got none for")
        .hasMessageContaining("Halving");
  }

  /** One question about one class is no choice; two are, and need {@link Cases}. */
  @ArchTest
  static void noLadderOverASealedType(JavaClasses classes) throws IOException {
    List<String> ladders = new ArrayList<>();
    for (JavaClass sealed : classes.stream().filter(ExhaustiveTest::isSealed).toList()) {
      Set<String> leaves =
          Stream.of(sealed.reflect().getPermittedSubclasses())
              .map(Class::getName)
              .collect(Collectors.toSet());
      classes.stream()
          .flatMap(type -> type.getCodeUnits().stream())
          .filter(unit -> asked(unit, leaves) > 1)
          .forEach(unit -> ladders.add(unit.getFullName()));
      for (Path source : sources()) {
        String text = Files.readString(source);
        leaves.stream()
            .map(leaf -> "(" + leaf.substring(leaf.lastIndexOf('.') + 1).replace('$', '.') + ")")
            .filter(cast -> cast.contains(".") && text.contains(cast + " "))
            .forEach(cast -> ladders.add(source + ": " + cast));
      }
    }
    assertThat(ladders).isEmpty();
  }

  private static boolean isSealed(JavaClass type) {
    return type.reflect().isSealed();
  }

  private static long asked(JavaCodeUnit unit, Set<String> leaves) {
    return unit.getInstanceofChecks().stream()
        .map(InstanceofCheck::getRawType)
        .map(JavaClass::getName)
        .filter(leaves::contains)
        .distinct()
        .count();
  }

  /** The compiler finds a forgotten value only where nothing stands for the rest. */
  @ArchTest
  static void switchesOverEnumsNameEachValue(JavaClasses classes) throws IOException {
    List<Set<String>> enums =
        classes.stream()
            .filter(JavaClass::isEnum)
            .map(JavaClass::reflect)
            .filter(type -> type.getEnumConstants() != null)
            .map(
                type ->
                    Arrays.stream(type.getEnumConstants())
                        .map(value -> ((Enum<?>) value).name())
                        .collect(Collectors.toSet()))
            .toList();
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (Path source : sources()) {
      String text = Files.readString(source);
      Matcher matcher = SWITCH.matcher(text);
      while (matcher.find()) {
        String block = block(text, matcher.end());
        Set<String> named = named(block);
        if (!named.isEmpty() && enums.stream().anyMatch(values -> values.containsAll(named))) {
          seen++;
          if (block.contains("default") || !enums.contains(named)) {
            wrong.add(source + ": " + matcher.group() + named);
          }
        }
      }
    }
    assertThat(seen).isGreaterThan(5);
    assertThat(wrong).isEmpty();
  }

  private static Set<String> named(String block) {
    return CASE.matcher(block)
        .results()
        .flatMap(found -> Stream.of(found.group(1).split(",")))
        .map(String::strip)
        .collect(Collectors.toSet());
  }

  /** Up to the brace that closes what was opened before {@code from}. */
  private static String block(String text, int from) {
    int open = 1;
    int at = from;
    while (open > 0) {
      char c = text.charAt(at++);
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
    }
    return text.substring(from, at);
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  @ArchTest
  static void namesInJobsAreNamesInNetworks(JavaClasses ignored) {
    assertThat(Activation.values())
        .extracting(Enum::name)
        .containsAll(Stream.of(ActivationName.values()).map(Enum::name).toList());
    assertThat(RnnCell.values())
        .extracting(Enum::name)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of(RnnName.values()), Stream.of(CellName.LINEAR))
                .map(Enum::name)
                .toList());
  }
}
