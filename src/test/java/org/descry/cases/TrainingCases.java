package org.descry.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.descry.cases.CaseFiles.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.descry.archive.Zips;
import org.descry.cases.Case.Desk;
import org.descry.io.Json;

/** Schedules, sweeps, and zips from strangers. */
final class TrainingCases {
  static final List<Case> ALL =
      List.of(
          new Case("14-sweep-conditional", TrainingCases::sweeps, TrainingCases::whereItApplies),
          new Case("18-warm-up-and-plateau", TrainingCases::plateau, TrainingCases::warmUpGoesOn),
          new Case("19-schedule-last-step", folder -> {}, TrainingCases::theEndIsReached),
          new Case("23-hidden-zip-entries", folder -> {}, TrainingCases::zipsAreRefused));

  /** Twenty images in steps of four. */
  private static final String JOB =
      """
      name: %s
      model: {type: three-layer-convnet, filters: 2, filterSize: 3, hidden: 4}
      data: {source: shapes, train: 20, validation: 10, test: 10}
      """;

  private TrainingCases() {}

  private static void sweeps(Path folder) throws IOException {
    text(folder, "text.txt", "one two three four\nfive six seven\n");
    String job =
        """
        name: %s
        seed: 1
        model: {type: language-rnn, embedding: 0, hidden: 8}
        data: {source: text, path: @/text.txt, unit: word, sequences: lines, steps: 4, validation: 0, test: 0}
        training: {epochs: 1, batchSize: 1, optimizer: {type: adam, learningRate: 0.01%s}}
        """;
    text(
        folder,
        "sweep.yaml",
        job.formatted("cond", "")
            + """
            search:
              training.optimizer.type: {choice: [nesterov, adam]}
              training.optimizer.momentum: {uniform: [0.5, 0.95]}
            budget: {candidates: 4}
            """);
    text(
        folder,
        "type.yaml",
        job.formatted("cond2", ", beta1: 0.8")
            + "search: {training.optimizer.type: {choice: [sgd, adam]}}\nstrategy: grid\n");
  }

  private static void whereItApplies(Desk desk) throws IOException {
    desk.done("sweep", "sweep.yaml", "--set", "workers=1");
    JsonNode candidates =
        Json.MAPPER
            .readTree(desk.folder().resolve("runs/cond/results.json").toFile())
            .get("candidates");
    List<String> types =
        StreamSupport.stream(candidates.spliterator(), false)
            .map(candidate -> candidate.get("settings"))
            .map(
                s ->
                    s.get("training.optimizer.type").asText()
                        + s.has("training.optimizer.momentum"))
            .distinct()
            .sorted()
            .toList();
    assertThat(types).containsExactly("adamfalse", "nesterovtrue");
    String both = desk.done("sweep", "type.yaml", "--set", "workers=1");
    assertThat(both).contains("type=\"sgd\"", "type=\"adam\"", "2 candidates in ");
  }

  private static void plateau(Path folder) throws IOException {
    text(
        folder,
        "training.yaml",
        """
        training:
          epochs: 8
          warmUpEpochs: 4
          optimizer: {type: sgd, learningRate: 1, schedule: {type: plateau, patience: 1, factor: 0.1}}
        """);
  }

  /** With steps too small for any change, the loss never falls. */
  private static void warmUpGoesOn(Desk desk) throws IOException {
    String training = Files.readString(desk.folder().resolve("training.yaml"));
    text(desk.folder(), "job.yaml", JOB.formatted("plateau") + training);
    double rate = 1e-30;
    desk.done(
        "train",
        "job.yaml",
        "--set",
        "training.batchSize=4",
        "--set",
        "training.optimizer.learningRate=1.0e-30");
    List<Double> rates =
        desk.epochs("plateau").stream().map(e -> e.get("learningRate").asDouble() / rate).toList();
    assertThat(rates.get(0)).isEqualTo(0.25, within(1e-6));
    assertThat(rates.get(1)).isEqualTo(0.5, within(1e-6));
    assertThat(rates.get(2)).isEqualTo(0.075, within(1e-6)); // the ramp's 0.75, a tenth of it
    assertThat(rates.subList(1, rates.size())).isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  private static void theEndIsReached(Desk desk) throws IOException {
    for (String schedule : List.of("{type: cosine, end: 0.1}", "{type: one-cycle, end: 0}")) {
      String name = schedule.contains("cosine") ? "cosine" : "cycle";
      String training =
          "training: {epochs: 2, batchSize: 4, optimizer: {type: sgd, learningRate: 0.5, schedule: %s}}\n"
              .formatted(schedule);
      text(desk.folder(), name + ".yaml", JOB.formatted(name) + training);
      desk.done("train", name + ".yaml");
      double last = desk.epochs(name).get(1).get("learningRate").asDouble();
      assertThat(last).isEqualTo(name.equals("cosine") ? 0.05 : 0, within(1e-9));
    }
  }

  /** Entries that a reader of local headers sees and the directory does not list. */
  private static void zipsAreRefused(Desk desk) throws IOException {
    byte[] model = Files.readAllBytes(Case.MODELS.resolve("word-rnn.zip"));
    byte[] zeros = new byte[Zips.entries(model).get("coefficients.bin").length];
    Path front = desk.folder().resolve("front.zip");
    Path back = desk.folder().resolve("back.zip");
    Files.write(front, Zips.concat(Zips.local("preprocessor.bin", new byte[80]), model));
    Files.write(back, Zips.withHidden(model, Zips.local("coefficients.bin", zeros)));
    for (String zip : List.of("front.zip", "back.zip")) {
      for (List<String> command :
          List.of(
              List.of("evaluate", zip),
              List.of("sample", zip, "--prompt", "他"),
              List.of("predict", zip, zip),
              List.of("caption", zip, zip),
              List.of("export", zip, "--format", "dl4j", "--out", "out.zip"))) {
        assertThat(desk.refused(3, command.toArray(String[]::new))).contains(zip);
      }
    }
    assertThat(desk.folder().resolve("out.zip")).doesNotExist();
  }
}
