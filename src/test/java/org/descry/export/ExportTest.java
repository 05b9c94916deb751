package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every format has in common, with the simplest of them. */
class ExportTest {
  @TempDir static Path dir;
  private static Path model;

  @TempDir Path target;

  @BeforeAll
  static void train() {
    model = TinyModels.threeLayer(dir);
  }

  private Export export(String name, boolean force) {
    return new Export(model, Format.DL4J, target.resolve(name), force);
  }

  private List<String> found() throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theDl4jFormatIsASmallerModelThatSaysWhatItNeeds() throws IOException {
    Export.Result result = export("small.zip", false).run();
    assertThat(found()).containsExactly("small.md", "small.zip");
    assertThat(result.verification().largestDifference()).isZero();
    assertThat(result.verification().values()).isEqualTo(Probe.ROWS * 10L);
    assertThat(Files.size(target.resolve("small.zip"))).isLessThan(Files.size(model) / 2);
    Manifest.Requirements needed =
        ModelArchive.read(target.resolve("small.zip")).manifest().requirements();
    assertThat(needed.artifact()).isEqualTo("org.descry:descry");
    assertThat(needed.classes())
        .containsExactly(
            "org.descry.layer.AffineLayer",
            "org.descry.layer.AffineReluLayer",
            "org.descry.layer.ConvReluPoolLayer",
            "org.descry.layer.SoftmaxLossLayer");
    assertThat(Files.readString(result.card())).contains("`dl4j`");
  }

  @Test
  void noTwoFilesShareACard() throws IOException {
    export("a.zip", false).run();
    assertThat(export("a.fb", false).run().card()).isEqualTo(target.resolve("a.fb.md"));
    assertThat(found()).containsExactly("a.fb", "a.fb.md", "a.md", "a.zip");
  }

  @Test
  void filesThatExistAreLeftAloneUnlessForced() throws IOException {
    Files.writeString(target.resolve("a.md"), "mine");
    assertThatThrownBy(() -> export("a.zip", false).run())
        .isInstanceOf(DescryException.class)
        .hasMessage(
            target.resolve("a.md")
                + ": exists already; expected another name, or --force to replace it.");
    assertThat(found()).containsExactly("a.md");
    assertThatThrownBy(() -> export("a.zip", true).run())
        .isInstanceOf(UsageException.class)
        .hasMessage(
            target.resolve("a.md")
                + ": is not the card of a.zip and is not replaced; expected another name.");
    assertThat(target.resolve("a.md")).hasContent("mine");
    Files.delete(target.resolve("a.md"));
    Files.writeString(target.resolve("a.zip"), "mine too");
    assertThatThrownBy(() -> export("a.zip", true).run())
        .hasMessage(
            target.resolve("a.zip")
                + ": is not a model and is not replaced; expected another name.");
    assertThat(target.resolve("a.zip")).hasContent("mine too");
    Files.delete(target.resolve("a.zip"));
    export("a.zip", false).run();
    export("a.zip", true).run();
    assertThat(target.resolve("a.md")).content().contains("\n# three-layer\n");
    assertThat(found()).containsExactly("a.md", "a.zip");
  }

  @Test
  void theModelItselfIsNeverReplaced() throws IOException {
    byte[] before = Files.readAllBytes(model);
    assertThatThrownBy(() -> new Export(model, Format.DL4J_STOCK, model, true).run())
        .isInstanceOf(DescryException.class)
        .hasMessage(model + ": is the model itself; expected another name.");
    assertThat(model).hasBinaryContent(before);
  }

  @Test
  void aFolderIsNoFileToWrite() {
    for (Path folder : new Path[] {target, target.getRoot()}) {
      assertThatThrownBy(() -> new Export(model, Format.DL4J_STOCK, folder, true).run())
          .isInstanceOf(UsageException.class)
          .hasMessage(folder + ": is a folder; expected the name of a file to write.");
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenIsASentence() throws IOException {
    assertThatThrownBy(() -> export("none/a.zip", false).run())
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("there is no folder " + target.resolve("none"));
    Files.createDirectory(target.resolve("folder"));
    assertThatThrownBy(() -> export("folder", true).run())
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("is a folder");
    assertThat(target.toFile().setWritable(false)).isTrue();
    try {
      if (!Files.isWritable(target)) { // root may write anywhere
        assertThatThrownBy(() -> export("a.zip", false).run())
            .isInstanceOf(DescryException.class)
            .hasMessageContaining("access denied");
      }
    } finally {
      assertThat(target.toFile().setWritable(true)).isTrue();
    }
  }

  @Test
  void aDamagedModelIsASentence() throws IOException {
    byte[] whole = Files.readAllBytes(model);
    Path damaged = Files.write(dir.resolve("damaged.zip"), Arrays.copyOf(whole, 5000));
    assertThatThrownBy(() -> new Export(damaged, Format.DL4J, target.resolve("a.zip"), false).run())
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith(damaged.toString());
    assertThat(found()).isEmpty();
  }

  @Test
  void anExportThatAnswersOtherwiseIsNotWritten() throws IOException {
    assertThatThrownBy(() -> failing(new Broken(0.5)).run())
        .isInstanceOf(DescryException.class)
        .hasMessageMatching(
            "The export's output \"loss\" differs from the original's at \\[0, 0\\]: .* instead of"
                + " .*; expected a difference of at most 1.0E-5\\.");
    assertThatThrownBy(() -> failing(new Broken(Double.NaN)).run()).hasMessageContaining("NaN");
    assertThat(found()).isEmpty();
  }

  @Test
  void aDiskThatIsFullIsASentence() throws IOException {
    assertThatThrownBy(() -> failing(new Full()).run())
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "Cannot write %s: No space left on device; expected a folder that can be written and has room."
                .formatted(target.resolve("a.zip")));
    assertThat(found()).isEmpty();
  }

  private Export failing(Exporter exporter) {
    return new Export(
        model,
        Format.DL4J,
        exporter,
        target.resolve("a.zip"),
        false,
        null,
        () -> {
          throw new AssertionError("measured before all else was known to go well");
        });
  }

  /** Answers with something added. */
  private record Broken(double difference) implements Exporter {
    @Override
    public void write(ModelArchive archive, List<Path> files) throws IOException {
      new Dl4jExporter().write(archive, files);
    }

    @Override
    public List<OutputPair> answers(ModelArchive archive, Probe probe, List<Path> files)
        throws IOException {
      return new Dl4jExporter()
          .answers(archive, probe, files).stream()
              .map(a -> new OutputPair(a.output(), a.expected(), wrong(a.found())))
              .toList();
    }

    private INDArray wrong(INDArray found) {
      return found.dup().putScalar(0, 0, found.getDouble(0, 0) + difference);
    }

    @Override
    public String usage(ModelArchive model, List<String> files) {
      throw new AssertionError("the export has failed");
    }
  }

  /** Fills the disk. */
  private record Full() implements Exporter {
    @Override
    public void write(ModelArchive archive, List<Path> files) throws IOException {
      Files.writeString(files.get(0), "half");
      throw new IOException("No space left on device");
    }

    @Override
    public List<OutputPair> answers(ModelArchive archive, Probe probe, List<Path> files) {
      throw new AssertionError("nothing was written");
    }

    @Override
    public String usage(ModelArchive model, List<String> files) {
      throw new AssertionError("nothing was written");
    }
  }
}
