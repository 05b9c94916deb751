package org.descry.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.descry.metrics.Metric;
import org.descry.sweep.SweepProgress;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Objective;
import org.descry.sweep.trial.Trial;
import org.junit.jupiter.api.Test;

class SweepConsoleTest {
  private static final Objective OBJECTIVE =
      new Objective("validationAccuracy", Metric.Goal.MAXIMIZE);

  private final StringWriter out = new StringWriter();

  private static Candidate candidate(int number, double... scores) {
    List<Trial> trials =
        IntStream.range(0, scores.length)
            .mapToObj(
                repeat -> {
                  String failure = Double.isNaN(scores[repeat]) ? "It has diverged." : null;
                  Path folder = Path.of("runs");
                  return new Trial(
                      repeat, 1, scores[repeat], 2.5, List.of(), failure, false, folder);
                })
            .toList();
    Map<String, JsonNode> settings = new LinkedHashMap<>();
    settings.put("training.optimizer.learningRate", DoubleNode.valueOf(0.01));
    settings.put("model.hidden", IntNode.valueOf(32 * number));
    return new Candidate(number, settings, trials);
  }

  private void show(SweepConsole console) {
    console.started(new SweepProgress.Plan("s", "random", OBJECTIVE, 3, 2, 2, 1, 4));
    console.state(new SweepProgress.State(0, 1, 0, Double.NaN, -1, Double.NaN));
    console.candidate(candidate(0, 0.5, 0.6), new SweepProgress.State(1, 2, 0, 0.55, 0, 61));
    console.candidate(
        candidate(1, Double.NaN, Double.NaN), new SweepProgress.State(2, 0, 1, 0.55, 0, 30));
  }

  @Test
  void elsewhereThanOnATerminalThereIsALineACandidate() {
    show(new SweepConsole(new PrintWriter(out), false, false));
    assertThat(out.toString().lines())
        .containsExactly(
            "Sweep s: random search, 3 candidates trained 2 times, 2 workers of 1 thread each",
            "Going on after 4 trainings",
            "candidate 0  validation accuracy 0.5500 ± 0.0707  learningRate=0.01 hidden=0  5.0 s"
                + "  best  (1/3 done, 2 running, 0 failed, best 0.5500 (candidate 0), 1:01 left)",
            "candidate 1  failed  learningRate=0.01 hidden=32  It has diverged.  (2/3 done,"
                + " 0 running, 1 failed, best 0.5500 (candidate 0), 0:30 left)");
  }

  @Test
  void aTerminalHasALineThatIsRewritten() {
    show(new SweepConsole(new Printer(new PrintWriter(out), () -> 80), true, false));
    assertThat(out.toString())
        .contains("\r0/3 done, 1 running, 0 failed, best -, -:-- left")
        .contains("\rcandidate 0  validation accuracy 0.5500")
        .endsWith("\r2/3 done, 0 running, 1 failed, best 0.5500 (candidate 0), 0:30 left");
  }

  @Test
  void aNarrowTerminalHasTheScoresWithoutTheSettings() {
    show(new SweepConsole(new Printer(new PrintWriter(out), () -> 64), true, true));
    assertThat(out.toString())
        .contains(
            "\u001b[32mcandidate 0  validation accuracy 0.5500 ± 0.0707  5.0 s  best\u001b[0m")
        .contains("\rcandidate 1  failed  learningRate=0.01  It has diverged.");
  }

  @Test
  void theBestAreRanked() {
    SweepResults results =
        new SweepResults(
            "s",
            "random",
            List.of(OBJECTIVE),
            List.of(new Dimension("model.hidden", Dimension.Kind.INTEGER)),
            List.of(candidate(0, 0.5), candidate(1, Double.NaN), candidate(2, 0.7)),
            75);
    new SweepConsole(new PrintWriter(out), false, false).ranking(results, Path.of("runs/s"));
    assertThat(out.toString().lines())
        .containsExactly(
            "rank  candidate  validation accuracy  settings",
            "   1          2               0.7000  learningRate=0.01 hidden=64",
            "   2          0               0.5000  learningRate=0.01 hidden=0",
            "   -          1               failed  learningRate=0.01 hidden=32",
            "3 candidates in 1:15: runs/s/report.html; the best settings: runs/s/best.yaml, their"
                + " model: runs/s/model.zip");
  }
}
