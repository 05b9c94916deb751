package org.descry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.descry.engine.Seeding;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.RandomFactory;

/** What no class does, or each does in one way. */
@AnalyzeClasses(packages = "org.descry", importOptions = ImportOption.DoNotIncludeTests.class)
class CodingRulesTest {
  @ArchTest static final ArchRule LOGGING_IS_SLF4J = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  @ArchTest
  static final ArchRule SEEDS_GO_THROUGH_SEEDING =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Seeding.class.getName())
          .should()
          .callMethod(Random.class, "setSeed", long.class)
          .orShould()
          .callMethod(Random.class, "setSeed", int.class)
          .orShould()
          .callMethod(RandomFactory.class, "getNewRandomInstance", long.class);

  /** DL4J's builder takes the time for a seed that is left out. */
  @ArchTest
  static final ArchRule NETWORKS_HAVE_A_SEED =
      classes()
          .that(
              new DescribedPredicate<>("build DL4J configurations") {
                @Override
                public boolean test(JavaClass type) {
                  return type.getConstructorCallsFromSelf().stream()
                      .anyMatch(
                          call ->
                              call.getTargetOwner()
                                  .isEquivalentTo(NeuralNetConfiguration.Builder.class));
                }
              })
          .should()
          .callMethod(NeuralNetConfiguration.Builder.class, "seed", long.class)
          .andShould()
          .callMethod(Seeding.class, "nonZero", long.class);

  @ArchTest
  static void onlyTheCommandLinePrints(JavaClasses classes) {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
        classes.that(JavaClass.Predicates.resideOutsideOfPackage("org.descry.cli..")));
  }
}
