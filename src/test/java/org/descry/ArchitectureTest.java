package org.descry;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The arrows between the packages point down only, each of them named. */
@AnalyzeClasses(packages = "org.descry", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String BASE = "org.descry";

  /** A package and the packages below it that it may know; what lies above is not listed. */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          entry("io", List.of()),
          entry("engine", List.of("io")),
          entry("report", List.of("io")),
          entry("kernel", List.of("engine")),
          entry("layer", List.of("kernel", "engine")),
          entry("replay", List.of("layer", "engine")),
          entry("model", List.of("layer", "kernel", "engine")),
          entry("data", List.of("io")),
          entry("job", List.of("io")),
          entry("metrics", List.of()),
          entry("gradcheck", List.of("layer", "kernel", "engine")),
          entry("generate", List.of("data", "model", "replay", "layer", "kernel", "engine")),
          entry("archive", List.of("metrics", "data", "layer", "engine", "io")),
          entry(
              "train",
              List.of(
                  "archive", "metrics", "job", "data", "report", "model", "replay", "engine",
                  "io")),
          entry(
              "export",
              List.of(
                  "archive", "metrics", "job", "data", "model", "layer", "kernel", "engine", "io")),
          entry(
              "kind",
              List.of(
                  "train",
                  "generate",
                  "archive",
                  "job",
                  "data",
                  "model",
                  "replay",
                  "metrics",
                  "report",
                  "kernel",
                  "engine",
                  "io")),
          entry(
              "sweep",
              List.of("kind", "train", "metrics", "job", "data", "report", "engine", "io")),
          entry("serve", List.of("kind", "archive", "engine", "io")),
          entry(
              "cli",
              List.of(
                  "serve",
                  "sweep",
                  "kind",
                  "export",
                  "train",
                  "gradcheck",
                  "archive",
                  "metrics",
                  "job",
                  "data",
                  "engine",
                  "io")));

  /** Names of an earlier version, which stand where they stood and lead to what is there now. */
  private static final DescribedPredicate<JavaClass> OLD_NAMES =
      new DescribedPredicate<>("names of an earlier version") {
        @Override
        public boolean test(JavaClass type) {
          return type.isAnnotatedWith(Deprecated.class)
              || type.getEnclosingClass().filter(this::test).isPresent();
        }
      };

  @ArchTest
  static final ArchRule NOTHING_USES_OLD_NAMES =
      noClasses()
          .that(DescribedPredicate.not(OLD_NAMES))
          .should()
          .dependOnClassesThat(resideInAPackage(BASE + "..").and(OLD_NAMES));

  @ArchTest
  static void everyArrowIsNamed(JavaClasses classes) {
    DescribedPredicate<JavaClass> ours = resideInAPackage(BASE + ".*..");
    ARROWS.forEach(
        (from, to) ->
            classes()
                .that()
                .resideInAPackage(in(from))
                .and(DescribedPredicate.not(OLD_NAMES))
                .should()
                .onlyDependOnClassesThat(
                    DescribedPredicate.not(ours)
                        .or(
                            resideInAnyPackage(
                                Stream.concat(Stream.of(from), to.stream())
                                    .map(ArchitectureTest::in)
                                    .toArray(String[]::new))))
                .check(classes));
  }

  /** All may use the ground floor; whatever else is allowed is needed. */
  @ArchTest
  static void everyNamedArrowIsThere(JavaClasses classes) {
    Set<String> idle = new TreeSet<>();
    for (String from : ARROWS.keySet()) {
      for (String to : ARROWS.get(from)) {
        DescribedPredicate<JavaClass> target = resideInAPackage(in(to));
        if (!to.equals("io")
            && classes
                .that(resideInAPackage(in(from)).and(DescribedPredicate.not(OLD_NAMES)))
                .stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .noneMatch(dependency -> target.test(dependency.getTargetClass()))) {
          idle.add(from + " -> " + to);
        }
      }
    }
    assertThat(idle).isEmpty();
  }

  /** The picture has the arrows that do not follow from others, the table has all. */
  @ArchTest
  static void theDesignPageHasTheArrows(JavaClasses classes) throws IOException {
    StringBuilder drawn = new StringBuilder("```mermaid\nflowchart TD\n");
    StringBuilder table = new StringBuilder("| package | knows |\n|---|---|\n");
    for (Map.Entry<String, List<String>> arrows : new TreeMap<>(ARROWS).entrySet()) {
      List<String> to = arrows.getValue().stream().sorted().toList();
      for (String target : to) {
        if (to.stream().noneMatch(other -> ARROWS.get(other).contains(target))) {
          drawn.append("  %s --> %s\n".formatted(arrows.getKey(), target));
        }
      }
      String names = to.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
      table.append("| `%s` | %s |\n".formatted(arrows.getKey(), names));
    }
    Path page = Path.of("docs/design.md");
    String text = Files.readString(page);
    String begin = "<!-- arrows, written by ArchitectureTest -->\n";
    String end = "<!-- end of arrows -->";
    int from = text.indexOf(begin) + begin.length();
    String generated = drawn + "```\n\n" + table;
    if (!text.substring(from, text.indexOf(end)).equals(generated)) {
      Files.writeString(
          page, text.substring(0, from) + generated + text.substring(text.indexOf(end)));
      fail(page + " was stale; its arrows are written anew: commit it");
    }
    assertThat(ARROWS.keySet()).allSatisfy(name -> assertThat(text).contains("\n  " + name + " "));
  }

  @ArchTest
  static void everyPackageHasItsArrows(JavaClasses classes) {
    assertThat(
            classes.stream()
                .map(type -> type.getPackageName().split("\\.", -1))
                .filter(parts -> parts.length > 2)
                .map(parts -> parts[2])
                .filter(name -> !name.equals("cluster"))) // of a profile; nothing may know it
        .isSubsetOf(ARROWS.keySet());
  }

  /** What a package holds can be taken in at a glance; catalogues are looked up in. */
  @ArchTest
  static void packagesAreSmall(JavaClasses classes) {
    Map<String, Long> sizes =
        classes.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    sizes.keySet().removeAll(List.of(BASE + ".kernel", BASE + ".layer", BASE + ".job"));
    assertThat(sizes).allSatisfy((name, size) -> assertThat(size).isLessThanOrEqualTo(25));
  }

  private static String in(String name) {
    return BASE + "." + name + "..";
  }

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices()
          .matching("org.descry.(*)..")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(OLD_NAMES, DescribedPredicate.alwaysTrue());

  @ArchTest
  static final ArchRule NO_CYCLES_IN_SWEEP =
      slices().matching("org.descry.sweep.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_CYCLES_IN_SERVE =
      slices().matching("org.descry.serve.(*)..").should().beFreeOfCycles();

  /** A new kind is served without a change here. */
  @ArchTest
  static final ArchRule THE_SERVER_KNOWS_NO_KIND =
      noClasses()
          .that()
          .resideInAPackage("org.descry.serve..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.descry.kind.*..")
                  .and(DescribedPredicate.not(resideInAPackage("org.descry.kind.service.."))));

  /** The loop is on top of its parts. */
  @ArchTest
  static final ArchRule PARTS_OF_A_SWEEP_DO_NOT_KNOW_THE_LOOP =
      noClasses()
          .that()
          .resideInAPackage("org.descry.sweep.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.descry.sweep");

  @ArchTest
  static final ArchRule KERNELS_KNOW_NOTHING_OF_NETWORKS =
      noClasses()
          .that()
          .resideInAPackage("org.descry.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.deeplearning4j..");

  /** A job is known to be sound before anything native starts. */
  @ArchTest
  static final ArchRule JOBS_KNOW_NOTHING_OF_ARRAYS =
      noClasses()
          .that()
          .resideInAPackage("org.descry.job..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..");
}
