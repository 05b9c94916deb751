package org.descry.kind.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.archive.ModelArchive;
import org.descry.data.text.TextVocabulary;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.job.TextDataSettings;
import org.descry.job.TextDataSettings.Sequences;
import org.descry.kind.Kinds;
import org.descry.model.NetworkLayers;
import org.descry.train.Summary;
import org.descry.train.Task;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a language model learns from its text, and what its figures are means of. */
class LanguageDataTest {
  @TempDir Path dir;

  private Job job(String text, String... settings) throws IOException {
    Path file = Files.writeString(dir.resolve("text.txt"), text);
    JobFile job =
        JobFile.parse(
                "job",
                """
                name: language
                model: {type: language-rnn, embedding: 0, hidden: 12}
                data: {source: text, path: x, unit: word, sequences: lines, steps: 10}
                training: {epochs: 1, batchSize: 5, optimizer: {type: adam, learningRate: 0.02}}
                """)
            .set("data.path=" + file)
            .set("output.dir=" + dir)
            .set(List.of(settings));
    return job.job();
  }

  private Summary train(Job job) {
    return Kinds.training(job, new Training.Options(true, false), TrainingProgress.NONE).run();
  }

  private TextParts parts(Job job) {
    return TextParts.read(
        (TextDataSettings) job.data(), Integer.MAX_VALUE, Task.intake(job.data()));
  }

  private TrainedLanguageModel model() {
    return TrainedLanguageModel.load(dir.resolve("language/model.zip"));
  }

  private static String letters(int count, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.ints(count, 'a', 'f').mapToObj(Character::toString).collect(Collectors.joining());
  }

  @Test
  void wordsOfTheHeldOutPartsAreUnknown() throws IOException {
    String text = "a b c\n".repeat(16) + "a x x x\n".repeat(2) + "x y y y\n".repeat(2);
    TextParts parts = parts(job(text, "data.minCount=3"));
    assertThat(parts.vocabulary().tokens())
        .containsExactly(TextVocabulary.UNKNOWN, TextVocabulary.END, "a", "b", "c");
    assertThat(parts.test().lines()[1]).containsExactly(0, 0, 0, 0, 1);
    assertThat(parts.vocabulary().decode(parts.validation().lines()[0]))
        .isEqualTo("a <UNK> <UNK> <UNK> <EOS>");
  }

  @Test
  void charactersOfTheHeldOutPartsAreUnknown() throws IOException {
    String text = "abc".repeat(30) + "xyz".repeat(5);
    TextParts parts = parts(job(text, "data.unit=character", "data.sequences=running"));
    assertThat(parts.vocabulary().tokens()).containsExactly(TextVocabulary.UNKNOWN, "a", "b", "c");
    assertThat(parts.vocabulary().end()).isNull();
    assertThat(parts.test().lines()[0]).containsOnly(0);
    train(job(text, "data.unit=character", "data.sequences=running"));
    assertThat(model().greedy("q", 5)).doesNotContain("q").doesNotContain("x");
  }

  @Test
  void countsAreThoseOfTheTrainingPart() throws IOException {
    String text = "a b\n".repeat(8) + "a rare\n" + "a rare\n";
    TextParts parts = parts(job(text, "data.minCount=2"));
    assertThat(parts.vocabulary().tokens()).doesNotContain("rare");
    assertThatThrownBy(() -> parts(job(text, "data.minCount=9")))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(
            "No token of the training part occurs at least data.minCount = 9 times");
  }

  @Test
  void aCompleteVocabularyHasNoUnknown() throws IOException {
    assertThat(parts(job("a b\n".repeat(20))).vocabulary().tokens())
        .containsExactly(TextVocabulary.END, "a", "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"word", "character"})
  void aLineEndsWhereItsLinesEnd(String unit) throws IOException {
    Job job =
        job(
            "the cat\na dog ran\n".repeat(60),
            "data.unit=" + unit,
            "training.epochs=25",
            "model.hidden=24");
    Summary summary = train(job);
    TrainedLanguageModel model = model();
    assertThat(model.greedy("the", 40)).isEqualTo("the cat");
    assertThat(model.greedy("the", Integer.MAX_VALUE)).isEqualTo("the cat"); // no room for as many
    assertThat(model.greedy("a dog", 40)).isEqualTo("a dog ran");
    assertThat(model.sample("a dog", 40, 0.1, 3)).isEqualTo("a dog ran");
    assertThat(((LanguageEvaluation) summary.results()).perplexity()).isLessThan(1.3);
    // Both lines' words or characters, an end each, and none of it twice.
    int predicted = unit.equals("word") ? 2 + 3 : 7 + 9;
    assertThat(TextEvaluation.of(network(), parts(job).test()).predicted())
        .isEqualTo(6L * predicted);
  }

  private ComputationGraph network() {
    return ModelArchive.read(dir.resolve("language/model.zip")).network();
  }

  @Test
  void linesThatAreCutHaveNoEnd() throws IOException {
    TextParts parts = parts(job("a b c\n".repeat(20), "data.steps=2"));
    assertThat(parts.vocabulary().tokens()).containsExactly("a", "b", "c");
    assertThat(parts.train().lines()[0]).containsExactly(0, 1, 2);
  }

  @Test
  void anEndThatIsWrittenOutIsTheEnd() throws IOException {
    TextParts parts = parts(job("a b <EOS>\n".repeat(20)));
    assertThat(parts.vocabulary().tokens()).containsExactly(TextVocabulary.END, "a", "b");
    assertThat(parts.train().lines()[0]).containsExactly(1, 2, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"running", "lines"})
  void aModelAndATextHaveOneFigureWhateverTheBatchSize(String sequences) throws IOException {
    String text =
        sequences.equals("running")
            ? letters(900, 1)
            : letters(900, 1).replaceAll("a(.{0,25})", "a$1\n");
    Double loss = null;
    Double perplexity = null;
    for (int batchSize : List.of(1, 7, 64)) {
      Job job =
          job(
              text,
              "data.unit=character",
              "data.sequences=" + sequences,
              "training.optimizer={type: sgd, learningRate: 1e-30}", // nothing is learnt
              "training.batchSize=" + batchSize);
      Summary summary = train(job);
      loss = loss == null ? summary.validationLoss() : loss;
      perplexity =
          perplexity == null ? ((LanguageEvaluation) summary.results()).perplexity() : perplexity;
      assertThat(summary.validationLoss()).isEqualTo(loss);
      assertThat(((LanguageEvaluation) summary.results()).perplexity()).isEqualTo(perplexity);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: language-rnn, embedding: 0, hidden: 12}",
        "{type: language-rnn, embedding: 5, hidden: 12, layers: 2, rnn: lstm}"
      })
  void aRunningTextIsOneStretch(String settings) throws IOException {
    Job job =
        job(
            letters(15_000, 2),
            "data.unit=character",
            "data.sequences=running",
            "model=" + settings,
            "training.batchSize=40");
    train(job);
    ComputationGraph network = network();
    int[] tokens = parts(job).test().lines()[0];
    assertThat(tokens).hasSizeGreaterThan(1200); // longer than one pass
    INDArray state = Nd4j.zeros(DataType.FLOAT, 1, NetworkLayers.stateWidth(network));
    INDArray read = Nd4j.create(DataType.FLOAT, 1, tokens.length);
    for (int t = 0; t < tokens.length; t++) {
      read.putScalar(0, t, tokens[t]);
    }
    INDArray said = network.outputSingle(read, state);
    double expected = 0;
    for (int t = 0; t + 1 < tokens.length; t++) {
      expected -= Math.log(said.getDouble(0, t, tokens[t + 1]));
    }
    TextEvaluation evaluation = TextEvaluation.of(network, parts(job).test());
    assertThat(evaluation.predicted()).isEqualTo(tokens.length - 1);
    assertThat(evaluation.loss()).isCloseTo(expected / (tokens.length - 1), within(1e-5));
  }

  @Test
  void linesAreWholeAndOnTheirOwn() throws IOException {
    Job job = job("a b c d e f g\na b\nc d e\ng\n".repeat(20), "data.steps=3");
    train(job);
    ComputationGraph network = network();
    double expected = 0;
    int predicted = 0;
    for (int[] line : parts(job).test().lines()) {
      INDArray read = Nd4j.create(DataType.FLOAT, 1, line.length);
      for (int t = 0; t < line.length; t++) {
        read.putScalar(0, t, line[t]);
      }
      INDArray said = network.outputSingle(read);
      for (int t = 0; t + 1 < line.length; t++) {
        expected -= Math.log(said.getDouble(0, t, line[t + 1]));
        predicted++;
      }
    }
    TextEvaluation evaluation = TextEvaluation.of(network, parts(job).test());
    assertThat(evaluation.predicted()).isEqualTo(predicted).isEqualTo(2 * (7 + 2 + 3 + 1));
    assertThat(evaluation.loss()).isCloseTo(expected / predicted, within(1e-5));
  }

  @Test
  void aWholeTextForAKnownVocabulary() throws IOException {
    TextVocabulary words = parts(job("a b\n".repeat(20) + "x\n".repeat(5))).vocabulary();
    TextParts.Part part = TextParts.Part.of(Sequences.LINES, "b a\n\nq a", words, "new.txt");
    assertThat(part.lines())
        .isDeepEqualTo(
            new int[][] {words.encodeLine(List.of("b", "a"), ""), {0, index(words, "a"), 1}});
    assertThatThrownBy(() -> TextParts.Part.of(Sequences.RUNNING, "a", words, "new.txt"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("new.txt: the text has 1 tokens");
  }

  private static int index(TextVocabulary vocabulary, String token) {
    return vocabulary.tokens().indexOf(token);
  }

  @Test
  void aHeldOutPartMayBeShorterThanASequence() throws IOException {
    Job job =
        job(letters(100, 3), "data.unit=character", "data.sequences=running", "data.steps=50");
    assertThat(train(job).validationLoss()).isPositive();
  }
}
