package org.descry.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zips that version 0.1.0 wrote, one for each class that it saved, go on being read. */
class OldZipsTest {
  private static final float SAME = 1e-5f;

  @TempDir private Path dir;

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = OldZipsTest.class.getResourceAsStream("0.1.0/" + name)) {
      return in.readAllBytes();
    }
  }

  private Path fixture(String name) throws IOException {
    return Files.write(dir.resolve(name + ".zip"), resource(name + ".zip"));
  }

  private static Map<String, float[]> answers() throws IOException {
    return Json.MAPPER.readValue(resource("answers.json"), new TypeReference<>() {});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.descry.layer.AffineBatchNormReluLayer",
        "org.descry.layer.AffineLayer",
        "org.descry.layer.AffineReluLayer",
        "org.descry.layer.BatchNormLayer",
        "org.descry.layer.ConvBatchNormReluLayer",
        "org.descry.layer.ConvBatchNormReluPoolLayer",
        "org.descry.layer.ConvReluLayer",
        "org.descry.layer.ConvReluPoolLayer",
        "org.descry.layer.DropoutLayer",
        "org.descry.layer.LayerNormLayer",
        "org.descry.layer.OneHotLayer",
        "org.descry.layer.ReluLayer",
        "org.descry.layer.RnnVertex",
        "org.descry.layer.SigmoidLayer",
        "org.descry.layer.SoftmaxLossLayer",
        "org.descry.layer.SvmLossLayer",
        "org.descry.layer.TemporalAffineLayer",
        "org.descry.layer.TemporalBiasLayer",
        "org.descry.layer.TemporalSoftmaxLossLayer",
        "org.descry.layer.TiedRnnVertex",
        "org.descry.layer.WordEmbeddingLayer",
        "org.descry.train.CosineSchedule",
        "org.descry.train.OneCycleSchedule",
        "org.descry.train.WarmUpSchedule",
        "org.deeplearning4j.nn.conf.layers.misc.FrozenLayer",
      })
  void answersAsItDidThroughDescryAndThroughDl4j(String className) throws IOException {
    String name = className.substring(className.lastIndexOf('.') + 1);
    Path zip = fixture(name);
    byte[] json = Zips.entries(Files.readAllBytes(zip)).get(EntryList.CONFIGURATION);
    assertThat(new String(json, StandardCharsets.UTF_8))
        .contains("\"@class\" : \"" + className + "\"");
    float[] recorded = answers().get(name);
    ModelArchive archive = ModelArchive.read(zip);
    assertThat(SmallModels.answer(archive)).containsExactly(recorded, within(SAME));
    ComputationGraph plain = ComputationGraph.load(zip.toFile(), true);
    assertThat(SmallModels.answer(plain, archive.manifest()))
        .containsExactly(recorded, within(SAME));
    assertThat(plain.getUpdater().getStateViewArray())
        .isEqualTo(archive.network().getUpdater().getStateViewArray());
  }

  @Test
  void eachIsOfFewBytes() throws IOException {
    for (String name : answers().keySet()) {
      assertThat(resource(name + ".zip")).as(name).hasSizeLessThan(5000);
    }
  }
}
