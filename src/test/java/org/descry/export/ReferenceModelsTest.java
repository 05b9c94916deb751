package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.descry.archive.ModelArchive;
import org.descry.kind.Kinds;
import org.descry.kind.captioner.CaptionerEvaluation;
import org.descry.kind.captioner.TrainedCaptioner;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.language.TrainedLanguageModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The models in {@code models/} are read by every version and are as good as their cards say. */
class ReferenceModelsTest {
  private static final long LARGEST = 2_000_000;

  private static Path model(String name) {
    return Path.of("models", name + ".zip");
  }

  /** A score of the card, on the validation part. */
  private static double claimed(String name, String score) {
    Map<String, Double> scores =
        ModelArchive.readManifest(model(name)).provenance().metrics().scores();
    return scores.get(score);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shapes-classifier", "shapes-captioner", "word-rnn"})
  void theyAreSmallAndHaveACard(String name) throws IOException {
    assertThat(model(name)).isRegularFile();
    assertThat(Files.size(model(name))).isLessThan(LARGEST);
    assertThat(Path.of("models", name + ".md"))
        .content()
        .startsWith("---\nlicense: apache-2.0\n")
        .contains("\n# " + name + "\n", "## Intended use\n", "## Test\n", "## Licence\n")
        .contains(ModelArchive.sha256(Files.readAllBytes(model(name))));
    assertThat(Kinds.open(model(name)).selfTest()).hasValueCloseTo(0.0, Offset.offset(1e-4));
    assertThat(Path.of("models/README.md")).content().contains(name + ".zip", name + ".md");
  }

  /** What model hubs read: keys that they know, and figures as numbers. */
  @ParameterizedTest
  @CsvSource({
    "shapes-classifier, image-classification, 'accuracy,top-5_accuracy,loss'",
    "shapes-captioner, image-to-text,"
        + " 'true_captions,bleu-1,bleu-2,bleu-3,bleu-4,rouge-l,cider,perplexity'",
    "word-rnn, text-generation, 'loss,perplexity'"
  })
  void theirHeadersAreRead(String name, String task, String metrics) throws IOException {
    String card = Files.readString(Path.of("models", name + ".md"));
    JsonNode header = new YAMLMapper().readTree(card.substring(4, card.indexOf("\n---\n", 4) + 1));
    assertThat(header.path("library_name").asText()).isEqualTo("deeplearning4j");
    assertThat(header.path("pipeline_tag").asText()).isEqualTo(task);
    assertThat(header.path("tags")).isNotEmpty();
    JsonNode result = header.at("/model-index/0/results/0");
    assertThat(result.at("/task/type").asText()).isEqualTo(task);
    assertThat(result.at("/dataset/split").asText()).isEqualTo("test");
    assertThat(result.path("metrics"))
        .isNotEmpty()
        .allMatch(each -> each.path("value").isNumber())
        .extracting(each -> each.path("type").asText())
        .containsExactly(metrics.split(","));
  }

  @Test
  void theClassifierKnowsTheShapes() {
    double claimed = claimed("shapes-classifier", "validationAccuracy");
    assertThat(claimed).isGreaterThan(0.95);
    assertThat(TrainedClassifier.load(model("shapes-classifier")).evaluate().accuracy())
        .isCloseTo(claimed, Offset.offset(0.02));
  }

  @Test
  void theCaptionerDescribesTheScenes() {
    double claimed = claimed("shapes-captioner", "validationBleu4");
    CaptionerEvaluation report = TrainedCaptioner.load(model("shapes-captioner")).evaluate();
    assertThat(report.metrics().bleu4()).isGreaterThan(claimed - 0.05);
    assertThat(report.metrics().bleu4()).isGreaterThan(2 * report.blind().bleu4());
    assertThat(report.trueCaptions()).isGreaterThan(0.95);
  }

  @ParameterizedTest
  @ValueSource(strings = {"models", "src/test/resources/models-of-0.1.0"})
  void theWordRnnCompletesItsSentences(String folder) throws IOException {
    TrainedLanguageModel words = TrainedLanguageModel.load(Path.of(folder, "word-rnn.zip"));
    for (String sentence : Files.readAllLines(Path.of("resources/data/two-sentences.txt"))) {
      String first = sentence.split(" ")[0];
      assertThat(words.greedy(first, 4)).isEqualTo(sentence);
    }
  }
}
