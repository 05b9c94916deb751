package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.descry.archive.ModelArchive;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Image networks of a job are trained, read back and exported to all formats; each export compares
 * its answers with the network's own.
 */
class ImageNetworksExportTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          identity   | {type: resnet, depth: 8, filters: 4}
          projection | {type: resnet, depth: 8, filters: 4, shortcuts: projection}
          nine       | {type: resnet, depth: 9, filters: 2, logitScale: 0.125}
          windows    | {type: convnet, stages: [{filters: 3, filterSize: 2, padding: 1, stride: 2, pool: false, dropout: 0.1}, {filters: 4, dilation: 2, poolSize: 3, poolStride: 2}], weightInit: orthogonal, activation: leaky-relu, batchNorm: true, batchNormEpsilon: 0.001, batchNormMomentum: 0.8}
          names      | {type: convnet, stages: [{filters: 3, stride: 2, dilation: 2}], weightInit: uniform, weightScale: 0.1}
          """)
  void isTrainedAndExported(String name, String model) {
    Path zip = TinyModels.classifier(name, model, dir);
    assertThat(ModelArchive.read(zip).network().numParams()).isPositive();
    for (Format format : Format.values()) {
      new Export(zip, format, dir.resolve(name + "-" + format.name() + ".out"), false).run();
    }
  }

  /** GELU has no exact counterpart among DL4J's own. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = "fast | {type: fast, widths: [4, 6]}")
  void fast(String name, String model) {
    Path zip = TinyModels.classifier(name, model, dir);
    for (Format format : new Format[] {Format.SAMEDIFF, Format.ONNX, Format.DL4J}) {
      new Export(zip, format, dir.resolve(name + "-" + format.name() + ".out"), false).run();
    }
  }
}
