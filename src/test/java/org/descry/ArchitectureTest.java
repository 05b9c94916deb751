package org.descry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages point down only. */
@AnalyzeClasses(packages = "org.descry", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ARROWS_POINT_DOWN =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("cli")
          .definedBy("org.descry.cli..")
          .layer("jobs")
          .definedBy(
              "org.descry.train..",
              "org.descry.sweep..",
              "org.descry.export..",
              "org.descry.serve..",
              "org.descry.caption..",
              "org.descry.gradcheck..")
          .layer("report")
          .definedBy("org.descry.report..")
          .layer("model")
          .definedBy("org.descry.model..")
          .layer("data")
          .definedBy("org.descry.data..")
          .layer("layer")
          .definedBy("org.descry.layer..")
          .layer("kernel")
          .definedBy("org.descry.kernel..")
          .layer("engine")
          .definedBy("org.descry.engine..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("jobs")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("cli", "jobs")
          .whereLayer("report")
          .mayNotAccessAnyLayer()
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers("cli", "jobs")
          .whereLayer("data")
          .mayOnlyBeAccessedByLayers("cli", "jobs")
          .whereLayer("layer")
          .mayOnlyBeAccessedByLayers("cli", "jobs", "model")
          .whereLayer("kernel")
          .mayOnlyBeAccessedByLayers("cli", "jobs", "model", "layer")
          .whereLayer("engine")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("org.descry.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule KERNELS_KNOW_NOTHING_OF_NETWORKS =
      noClasses()
          .that()
          .resideInAPackage("org.descry.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.deeplearning4j..")
          .allowEmptyShould(true);

  @ArchTest static final ArchRule LOGGING_IS_SLF4J = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  @ArchTest
  static void onlyTheCommandLinePrints(JavaClasses classes) {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
        classes.that(JavaClass.Predicates.resideOutsideOfPackage("org.descry.cli..")));
  }
}
