package org.descry.archive;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.commons.lang3.SerializationUtils;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.descry.io.Deserialization;
import org.descry.testing.ChildJvm;
import org.descry.testing.EngineSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java's deserialisation, which runs what a file says, is neither used nor left on. */
class NoDeserializationTest {
  private static final JavaClasses DESCRY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.descry");

  @TempDir private Path dir;

  @Test
  void nothingReadsObjectsOrHandsDl4jAFileToRead() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ObjectInputStream.class)
        .check(DESCRY);
    noClasses()
        .should()
        .callMethodWhere(
            target(owner(nameMatching(ModelSerializer.class.getName())))
                .and(target(nameMatching("(restore|get|guess).*"))))
        .orShould()
        .callMethod(ComputationGraph.class, "load", java.io.File.class, boolean.class)
        .check(DESCRY);
  }

  @Test
  void programsSwitchItOffAndLibrariesDoNot() {
    methods()
        .that()
        .areDeclaredIn(Deserialization.class)
        .and()
        .haveName("refuseAll")
        .should(
            new com.tngtech.archunit.lang.ArchCondition<>("be called by programs alone") {
              @Override
              public void check(
                  com.tngtech.archunit.core.domain.JavaMethod method,
                  com.tngtech.archunit.lang.ConditionEvents events) {
                assertThat(method.getCallsOfSelf())
                    .extracting(call -> call.getOrigin().getFullName())
                    .containsExactlyInAnyOrder(
                        "org.descry.cli.Main.main([Ljava.lang.String;)",
                        "org.descry.sweep.worker.Worker.main([Ljava.lang.String;)");
              }
            })
        .check(DESCRY);
  }

  private static List<String> deserialised(Path recording) throws IOException {
    return RecordingFile.readAllEvents(recording).stream().map(RecordedEvent::toString).toList();
  }

  @Test
  void readingAModelDeserialisesNothing() throws Exception {
    Path model = dir.resolve("model.zip");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.Deserialization");
      recording.start();
      for (Map.Entry<String, ModelArchive> small : SmallModels.all().entrySet()) {
        Files.write(model, SmallModels.bytes(small.getValue()));
        ModelArchive.read(model);
      }
      byte[] hidden =
          Zips.withHidden(
              Files.readAllBytes(model),
              Zips.local("preprocessor.bin", SerializationUtils.serialize(7)));
      Files.write(model, hidden);
      assertThatThrownBy(() -> ModelArchive.read(model)).hasMessageContaining("does not list");
      recording.dump(dir.resolve("ours.jfr"));
      // The recording sees it where it happens: DL4J's own reader does it.
      assertThatThrownBy(
              () -> EngineSession.deserialising(() -> ComputationGraph.load(model.toFile(), false)))
          .isInstanceOf(ClassCastException.class);
      recording.dump(dir.resolve("dl4j.jfr"));
    }
    assertThat(deserialised(dir.resolve("ours.jfr"))).isEmpty();
    assertThat(deserialised(dir.resolve("dl4j.jfr"))).isNotEmpty();
  }

  /** A program that tries it. */
  static final class Program {
    public static void main(String[] args) throws Exception {
      Deserialization.refuseAll();
      Deserialization.refuseAll(); // a second time does no harm
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(SerializationUtils.serialize(7)))) {
        System.out.print("read " + in.readObject());
      } catch (java.io.InvalidClassException e) {
        System.out.print("refused");
      }
    }
  }

  @Test
  void aProgramThatSwitchedItOffReadsNoObject() throws Exception {
    Process process =
        ChildJvm.of(Program.class).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output).isEqualTo("refused");
  }
}
