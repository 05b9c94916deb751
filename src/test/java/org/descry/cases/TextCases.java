package org.descry.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.descry.cases.CaseFiles.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.descry.cases.Case.Desk;
import org.descry.io.Json;

/** Language models. */
final class TextCases {
  static final List<Case> ALL =
      List.of(
          new Case("11-lm-vocabulary", TextCases::wordsOfTheTest, TextCases::unknown),
          new Case("12-lm-end-of-line", TextCases::lines, TextCases::sampleStops),
          new Case("13-perplexity-batch-size", TextCases::stretch, TextCases::onePerplexity),
          new Case("21-evaluate-language-model", folder -> {}, TextCases::scored));

  private static final String WORDS = Case.MODELS.resolve("word-rnn.zip").toString();

  private TextCases() {}

  private static void job(Path folder, String model, String data, String training)
      throws IOException {
    text(
        folder,
        "job.yaml",
        """
        name: job
        seed: 1
        model: {type: language-rnn, embedding: 0, %s}
        data: {source: text, path: @/text.txt, validation: 0.1, test: 0.1, %s}
        training: {%s}
        """
            .formatted(model, data, training));
  }

  private static String model(Desk desk) throws IOException {
    String job = Files.readString(desk.folder().resolve("job.yaml"));
    String name = job.lines().findFirst().orElseThrow().substring("name: ".length());
    return "runs/%s/model.zip".formatted(name);
  }

  private static void wordsOfTheTest(Path folder) throws IOException {
    text(folder, "text.txt", "a b c d e f\n".repeat(80) + "u v w x y z\n".repeat(20));
    job(
        folder,
        "hidden: 16",
        "unit: word, sequences: lines, steps: 5, minCount: 5",
        "epochs: 2, batchSize: 10");
  }

  private static void unknown(Desk desk) throws IOException {
    desk.done("train", "job.yaml");
    String[] sample = {"sample", model(desk), "--prompt", "x", "--length", "3", "--greedy"};
    assertThat(desk.done(sample)).contains("<UNK>").doesNotContain("x ");
  }

  private static void lines(Path folder) throws IOException {
    text(folder, "text.txt", "the cat sat on the mat\na dog ran in the park\n".repeat(75));
    job(
        folder,
        "hidden: 24",
        "unit: word, sequences: lines, steps: 10",
        "epochs: 15, batchSize: 10, optimizer: {type: adam, learningRate: 0.01}");
  }

  private static void sampleStops(Desk desk) throws IOException {
    desk.done("train", "job.yaml");
    String[] sample = {"sample", model(desk), "--prompt", "the cat", "--length", "12", "--greedy"};
    assertThat(desk.run(sample).out()).isEqualTo("the cat sat on the mat\n");
  }

  private static void stretch(Path folder) throws IOException {
    SplittableRandom random = new SplittableRandom(13);
    StringBuilder letters = new StringBuilder();
    while (letters.length() < 2700) {
      letters.append(random.nextBoolean() ? "ab" : "a" + (char) random.nextInt('c', 'i') + "b");
    }
    text(folder, "text.txt", letters.toString());
    job(
        folder,
        "hidden: 32",
        "unit: character, sequences: running, steps: 10",
        "epochs: 3, batchSize: 8, optimizer: {type: adam, learningRate: 0.01}");
  }

  /** Models that are told to learn nothing are one model, scored in batches of several sizes. */
  private static void onePerplexity(Desk desk) throws IOException {
    List<Double> test = new ArrayList<>();
    List<Double> validation = new ArrayList<>();
    for (String size : List.of("1", "8", "64")) {
      desk.done(
          "train",
          "job.yaml",
          "--set",
          "training.batchSize=" + size,
          "--set",
          "name=b" + size,
          "--set",
          "training.epochs=1",
          "--set",
          "training.optimizer.learningRate=1.0e-30");
      test.add(desk.summary("b" + size).get("perplexity").asDouble());
      validation.add(desk.epochs("b" + size).get(0).get("validationPerplexity").asDouble());
      String[] evaluate = {"evaluate", "runs/b%s/model.zip".formatted(size), "--json"};
      assertThat(Json.MAPPER.readTree(desk.run(evaluate).out()).get("perplexity").asDouble())
          .isEqualTo(test.get(0), within(1e-4));
    }
    assertThat(test).allSatisfy(p -> assertThat(p).isEqualTo(test.get(0), within(1e-4)));
    assertThat(validation)
        .allSatisfy(p -> assertThat(p).isEqualTo(validation.get(0), within(1e-4)));
  }

  /** A model's own text, and another. */
  private static void scored(Desk desk) throws IOException {
    lines(desk.folder());
    desk.done("train", "job.yaml", "--set", "training.epochs=1");
    JsonNode summary = desk.summary("job");
    JsonNode scores = Json.MAPPER.readTree(desk.run("evaluate", model(desk), "--json").out());
    assertThat(scores.get("perplexity").asDouble())
        .isEqualTo(summary.get("perplexity").asDouble(), within(1e-6));
    assertThat(scores.get("testLoss").asDouble())
        .isEqualTo(summary.get("testLoss").asDouble(), within(1e-6));
    assertThat(desk.done("evaluate", WORDS)).contains("perplexity "); // its text is built in
    text(desk.folder(), "mine.txt", "他 今天 学习\n");
    assertThat(desk.done("evaluate", WORDS, "--data", "mine.txt")).contains("perplexity ");
  }
}
