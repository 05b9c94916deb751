package org.descry.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.BrokenLayer;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.LossLayer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * All layers are checked and agree; a wrong derivative is found and named, a kink is not failed.
 */
class LayerCasesTest {
  private static final InputType ROWS = InputType.feedForward(4);

  @TestFactory
  Stream<DynamicTest> everyLayerAgrees() {
    return cases(GradientCheck.FAST);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> everyLayerAgreesInMoreElements() {
    return cases(GradientCheck.THOROUGH);
  }

  private static Stream<DynamicTest> cases(GradientCheck check) {
    return LayerCases.all().stream()
        .map(
            layer -> {
              Subject subject = layer.subject().get();
              return dynamicTest(
                  check.elements() + " " + subject.name(), () -> agrees(check, subject));
            });
  }

  private static void agrees(GradientCheck check, Subject subject) {
    Report report = check.of(subject);
    assertThat(report.disagreements()).isEmpty();
    assertThat(report.agrees()).isTrue();
    assertThat(report.rows())
        .filteredOn(row -> row.differences() != null)
        .extracting(Report.Row::name)
        .containsAll(subject.variables().keySet());
  }

  @Test
  void everyLayerHasACase() {
    Set<String> layers =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.descry.layer")
                .stream()
                .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(
                    type ->
                        type.isAssignableTo(SameDiffLayer.class)
                            || type.isAssignableTo(LossLayer.class)
                            || type.isAssignableTo(SameDiffVertex.class))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
    assertThat(LayerCases.all())
        .extracting(layer -> layer.type().getSimpleName())
        .containsAll(layers);
    assertThat(layers).contains("AffineLayer", "RnnVertex", "SvmLossLayer");
  }

  @Test
  void aWrongDerivativeIsNamed() {
    for (GradientCheck check : List.of(GradientCheck.THOROUGH, GradientCheck.FAST)) {
      for (String broken : List.of("W", "b", "input")) {
        Report report = check.of(subject(new BrokenLayer(broken)));
        assertThat(report.agrees()).isFalse();
        assertThat(report.rows())
            .filteredOn(row -> !row.agrees())
            .extracting(Report.Row::name)
            .containsExactly(broken);
        assertThat(report.disagreements())
            .singleElement()
            .asString()
            .startsWith("broken: " + broken + " differs from autodiff by ");
      }
      assertThat(check.of(subject(new BrokenLayer("nothing"))).agrees()).isTrue();
    }
  }

  @Test
  void theWorstElementIsPointedOut() {
    Report report = GradientCheck.THOROUGH.of(subject(new BrokenLayer("W")));
    Report.Row row =
        report.rows().stream().filter(r -> r.name().equals("W")).findFirst().orElseThrow();
    assertThat(row.shape()).containsExactly(4L, 3L);
    assertThat(row.checked()).isEqualTo(12);
    assertThat(row.autodiff().index()).containsExactly(3L, 2L);
    assertThat(row.differences().index()).containsExactly(3L, 2L);
    assertThat(row.differences().error()).isBetween(4e-6, 6e-6);
  }

  @Test
  void aSampleOfTheElementsIsCompletedByADirectionThroughAll() {
    Report report = new GradientCheck(2, 1).of(subject(new BrokenLayer("W")));
    Report.Row row =
        report.rows().stream().filter(r -> r.name().equals("W")).findFirst().orElseThrow();
    assertThat(row.checked()).isEqualTo(3);
    assertThat(row.agrees()).isFalse();
  }

  @Test
  void kinksAreCountedAndNotFailed() {
    // No input, no bias: every unit stands exactly at the rectifier's kink.
    var layer = new AffineReluLayer.Builder().nOut(3).build();
    LayerCases.Case zeros = LayerCases.Case.of(layer, "", ROWS, Nd4j.zeros(DataType.DOUBLE, 2, 4));
    Subject subject = zeros.subject().get();
    subject.variables().get("b").assign(0);
    Report report = GradientCheck.THOROUGH.of(subject);
    assertThat(report.agrees()).isTrue();
    Report.Row bias =
        report.rows().stream().filter(r -> r.name().equals("b")).findFirst().orElseThrow();
    assertThat(bias.kinks()).isEqualTo(3);
    assertThat(bias.differences()).isNull();
  }

  private static Subject subject(ExplicitLayer layer) {
    return LayerCases.Case.of(layer, "", ROWS, new Values(2).normal(5, 4)).subject().get();
  }
}
