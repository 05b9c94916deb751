package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.descry.cli.Cli.Outcome;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.Pngs;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.io.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/**
 * Each command does its work in a JVM of its own, where nothing is as the tests' JVM set it up and
 * all deserialisation is refused.
 */
@Timeout(300)
class CommandsTest {
  private static final Path MODELS = Path.of("models").toAbsolutePath();
  private static final Map<Command, Future<Outcome>> OUTCOMES = new EnumMap<>(Command.class);

  @TempDir static Path dir;

  private static ExecutorService pool;

  private static final Set<Command> AFTER_TRAINING =
      EnumSet.of(Command.REPRODUCE, Command.RUNS, Command.COMPARE);

  /** What they say on the way is no answer. */
  private static final Set<Command> TELLING =
      EnumSet.of(Command.REPRODUCE, Command.TRAIN, Command.SWEEP, Command.SWEEP_TOP, Command.INIT);

  /** A line of arguments, and what shows that it worked; the longest is first. */
  enum Command {
    SWEEP(
        "sweep sweep.yaml --workers 1",
        outcome -> {
          assertThat(outcome.err()).contains("Sweep two: ", " 0 failed");
          assertThat(outcome.out()).startsWith("rank  candidate").contains("2 candidates in ");
          assertThat(dir.resolve("runs/two/model.zip")).isNotEmptyFile();
        }),
    SWEEP_REPORT(
        "sweep report runs/two runs/two",
        outcome -> {
          assertThat(outcome.out()).contains("two, grid", "The comparison: sweeps.html");
          assertThat(dir.resolve("sweeps.html")).isNotEmptyFile();
        }),
    SWEEP_TOP(
        "sweep top runs/two -n 1 --retrain --set repeats=1 --set training.epochs=2",
        outcome -> {
          assertThat(outcome.out()).contains("   1  ", "1 candidate in ");
          assertThat(dir.resolve("runs/two-top/model.zip")).isNotEmptyFile();
        }),
    TRAIN(
        "train job.yaml",
        outcome -> {
          assertThat(outcome.err()).contains("epoch 1/1  loss ");
          assertThat(outcome.out()).startsWith("Test accuracy ").hasLineCount(1);
          assertThat(dir.resolve("runs/small/model.zip")).isNotEmptyFile();
        }),
    INIT(
        "init cifar --to drafted.yaml",
        outcome -> {
          assertThat(outcome.out()).isEqualTo("cifar: CIFAR-10's files; the job: drafted.yaml\n");
          assertThat(dir.resolve("drafted.yaml")).isNotEmptyFile();
        }),
    RUNS(
        "runs",
        outcome ->
            assertThat(outcome.out()).startsWith("run ").contains("\nsmall ", "  finished  1/1  ")),
    COMPARE(
        "compare runs/small runs/small",
        outcome -> {
          assertThat(outcome.out()).contains("small", "The comparison: runs.html");
          assertThat(dir.resolve("runs.html")).isNotEmptyFile();
        }),
    REPRODUCE(
        "reproduce runs/small/model.zip",
        outcome -> assertThat(outcome.out()).startsWith("Same bits: runs/small/model.zip ")),
    EVALUATE(
        "evaluate MODELS/shapes-classifier.zip --data cifar --json",
        outcome -> {
          assertThat(json(outcome).get("examples").asInt()).isEqualTo(10);
          assertThat(json(outcome).get("accuracy").asDouble()).isGreaterThan(0.8);
        }),
    PREDICT(
        "predict MODELS/shapes-classifier.zip circle.png --json",
        outcome ->
            assertThat(json(outcome).at("/0/predictions/0/label").asText()).isEqualTo("circle")),
    SUMMARY(
        "summary MODELS/shapes-classifier.zip",
        outcome ->
            assertThat(outcome.out())
                .contains("image ", "input", "3x32x32", "multiply-adds", "A step on ")),
    CAPTION(
        "caption MODELS/shapes-captioner.zip circle.png",
        outcome -> assertThat(outcome.out()).matches("circle.png: \\w+ .*\\w\n")),
    SAMPLE(
        "sample MODELS/word-rnn.zip --prompt 他 --length 3 --greedy",
        outcome -> assertThat(outcome.out()).startsWith("他 ").hasLineCount(1)),
    EXPORT(
        "export MODELS/word-rnn.zip --format samediff --out words.fb",
        outcome -> {
          assertThat(outcome.out()).contains("Wrote words.fb", "Read back, ");
          assertThat(dir.resolve("words.fb")).isNotEmptyFile();
        }),
    GRADCHECK(
        "gradcheck affine --fast",
        outcome -> assertThat(outcome.out()).contains("All gradients agree.")),
    DOCTOR(
        "doctor --json",
        outcome -> assertThat(json(outcome).at("/engine/threads").asInt()).isEqualTo(1)),
    DATA_MAKE(
        "data make shapes made",
        outcome -> {
          assertThat(outcome.out()).contains("8000 training");
          assertThat(dir.resolve("made/test_batch.bin")).isNotEmptyFile();
        }),
    DATA_CONVERT(
        "data convert cifar pngs",
        outcome -> assertThat(dir.resolve("pngs/train/ring")).isNotEmptyDirectory()),
    DATA_PACK(
        "data pack pngs packed --shard-size 1",
        outcome -> {
          assertThat(outcome.out()).matches("packed: \\d+ images in 1 files\n");
          assertThat(dir.resolve("packed/pack.json")).isNotEmptyFile();
        }),
    DATA_INSPECT(
        "data inspect cifar --contact-sheet sheet.png",
        outcome -> {
          assertThat(outcome.out()).contains("cifar: CIFAR files", "hourglass");
          assertThat(dir.resolve("sheet.png")).isNotEmptyFile();
        }),
    SCHEMA(
        "schema", outcome -> assertThat(json(outcome).get("properties").has("training")).isTrue()),
    COMPLETION(
        "completion",
        outcome ->
            assertThat(outcome.out()).startsWith("#!").contains("function _complete_descry()")),
    HELP(
        "help train",
        outcome -> assertThat(outcome.out()).contains("Usage: descry train", "--fast-dev-run"));

    private final String[] args;
    private final Check check;

    Command(String line, Check check) {
      args = line.replace("MODELS", MODELS.toString()).split(" ");
      this.check = check;
    }
  }

  /** Looks at what a command did. */
  private interface Check {
    void of(Outcome outcome) throws IOException;
  }

  @BeforeAll
  static void start() throws IOException {
    ImageSplits shapes = Shapes.generate(3, 20, 10, 10);
    Pngs.write(shapes.test(), 0, dir.resolve("circle.png"));
    CifarWriter.write(shapes, dir.resolve("cifar"));
    String job =
        """
        name: small
        model: {type: three-layer-convnet, filters: 2, filterSize: 3, hidden: 4}
        data: {source: shapes, train: 20, validation: 10, test: 10}
        training: {epochs: 1, batchSize: 10}
        """;
    Files.writeString(dir.resolve("job.yaml"), job);
    Files.writeString(
        dir.resolve("sweep.yaml"),
        job.replace("small", "two") + "search: {model.hidden: {choice: [4, 6]}}\nstrategy: grid\n");
    pool = Executors.newFixedThreadPool(2);
    for (Command command : Command.values()) {
      // What comes after may need what they leave.
      Future<Outcome> trained = OUTCOMES.get(Command.TRAIN);
      Future<Outcome> swept = OUTCOMES.get(Command.SWEEP);
      Future<Outcome> converted = OUTCOMES.get(Command.DATA_CONVERT);
      OUTCOMES.put(
          command,
          pool.submit(
              () -> {
                if (AFTER_TRAINING.contains(command)) {
                  trained.get();
                } else if (command.name().startsWith("SWEEP_")) {
                  swept.get();
                } else if (command == Command.DATA_PACK) {
                  converted.get();
                }
                return Cli.PROCESSES.run(dir, command.args);
              }));
    }
  }

  @AfterAll
  static void stop() {
    pool.shutdownNow();
  }

  private static JsonNode json(Outcome outcome) throws IOException {
    return Json.MAPPER.readTree(outcome.out());
  }

  @ParameterizedTest
  @EnumSource
  void works(Command command) throws Exception {
    Outcome outcome = OUTCOMES.get(command).get();
    assertThat(outcome.code()).as(outcome.all()).isZero();
    if (!TELLING.contains(command)) {
      assertThat(outcome.err().replaceAll("Engine: .*\n", "")).isEmpty();
    }
    command.check.of(outcome);
  }

  @Test
  void noCommandIsLeftOut() {
    Set<String> names = new TreeSet<>();
    for (Map.Entry<String, CommandLine> command : Main.commandLine().getSubcommands().entrySet()) {
      Set<String> inner = command.getValue().getSubcommands().keySet();
      names.addAll(
          inner.stream().map(name -> command.getKey() + " " + name).collect(Collectors.toSet()));
      if (inner.isEmpty()
          || !command.getValue().getCommandSpec().positionalParameters().isEmpty()) {
        names.add(command.getKey());
      }
    }
    names.remove("serve"); // does not end by itself: ServeCommandTest
    assertThat(Arrays.stream(Command.values()))
        .extracting(command -> command.name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void aCommandByItselfIsWhatItIsAmongAll() {
    Main.commandLine()
        .getSubcommands()
        .forEach(
            (name, command) -> {
              Map<String, CommandLine> alone = Main.commandLine(name, "--debug").getSubcommands();
              assertThat(alone).containsKey(name);
              assertThat(alone.size() == 1).isEqualTo(!Set.of("help", "completion").contains(name));
              assertThat(alone.get(name).getUsageMessage()).isEqualTo(command.getUsageMessage());
            });
  }
}
