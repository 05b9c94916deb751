package org.descry.sweep.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.sweep.SyntheticSweep;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Trial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SweepReportTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  @TempDir Path folder;

  @Test
  void threeFilesAndNothingElseAreLeft() throws IOException {
    SweepReport.write(SyntheticSweep.of(16, 1, folder), folder);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("report.html", "results.csv", "results.json");
    }
  }

  @Test
  void aFolderThatIsMissingIsReported() {
    assertThatThrownBy(
            () -> SweepReport.write(SyntheticSweep.of(1, 1, folder), folder.resolve("gone")))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith(folder.resolve("gone/results.csv") + " cannot be written (");
  }

  @Test
  void thePageHasEveryPartAndNeedsNothingOutsideItself() throws IOException {
    Files.writeString(folder.resolve("best.yaml"), "");
    SweepResults results = SyntheticSweep.of(30, 2, folder);
    String page = page(results);
    assertThat(page)
        .contains("<h1>synthetic</h1>", "<h2>Best settings</h2>", "<h2>Ranking</h2>")
        .contains("<h2>All candidates</h2>", "<h2>Importance of the settings</h2>")
        .contains("<h2>Validation accuracy by setting</h2>", "<h2>Curves by epoch</h2>")
        .contains("<h2>History</h2>", "Best by number of candidates")
        .containsPattern("<g class='held'><polyline points='[0-9]")
        .contains("<a href='./best.yaml'>", "href='./candidates/0000-0/report.html'")
        .contains("expected &lt;finite> numbers.")
        .doesNotContain("<finite>", "src='http", "href='http", "@import", "url(", "NaN'");
    assertThat(page.split("<tr data-c=")).hasSize(31);
    assertThat(page.split("class='candidate best'")).hasSizeGreaterThan(4);
    // the line, a point for each setting and on the plane, and the curves of both repeats in the
    // three charts
    int number = results.ranked().get(3).number();
    assertThat(page.split("<g class='candidate' data-c='" + number + "'"))
        .hasSize(1 + 1 + 4 + 1 + 6);
    assertThat(page).doesNotContain("location.reload");
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    SweepResults results = SyntheticSweep.of(30, 2, folder);
    SweepReport.write(results, folder);
    SweepResults read = SweepReport.read(folder);
    assertThat(read.objectives()).isEqualTo(results.objectives());
    assertThat(read.dimensions()).isEqualTo(results.dimensions());
    assertThat(read.candidates())
        .usingRecursiveComparison()
        .withEqualsForType(Double::equals, Double.class) // NaN is NaN
        .isEqualTo(results.candidates());
  }

  @Test
  void theHistoryCountsWhatIsSpent() {
    SweepResults results = SyntheticSweep.of(30, 2, folder);
    History history = History.of(results);
    List<Trial> trials = results.candidates().stream().flatMap(c -> c.trials().stream()).toList();
    assertThat(history.points()).hasSize(30);
    assertThat(history.end().epochs())
        .isEqualTo(trials.stream().mapToInt(trial -> trial.epochs().size()).sum());
    assertThat(history.end().seconds())
        .isCloseTo(trials.stream().mapToDouble(Trial::seconds).sum(), within(1e-6));
    assertThat(history.end().best()).isEqualTo(results.ranked().get(0).score());
    assertThat(history.points().stream().map(History.Point::best).filter(best -> !best.isNaN()))
        .isSorted();
  }

  @Test
  void sweepsAreCompared() throws IOException {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path other = Files.createDirectory(folder.resolve("other"));
    SweepReport.write(SyntheticSweep.of(30, 1, one), one);
    SweepReport.write(SyntheticSweep.of(12, 1, other), other);
    Path page = folder.resolve("sweeps.html");
    assertThat(SweepReport.compare(List.of(one, other), page)).hasSize(2);
    assertThat(page)
        .content()
        .contains("Best by epochs spent", "Best by seconds of training", "<td>30</td>")
        .doesNotContain("NaN");
    assertThat(Files.readString(page).split("<g class='sweep hue'")).hasSize(1 + 3 * 2);

    Path third = Files.createDirectory(folder.resolve("third"));
    SweepReport.write(SyntheticSweep.single(Dimension.Kind.UNIFORM, List.of(), List.of()), third);
    Path results = third.resolve("results.json");
    Files.writeString(
        results, Files.readString(results).replaceAll("validation[A-Z]\\w*", "trainLoss"));
    assertThatThrownBy(() -> SweepReport.compare(List.of(one, third), page))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(third + ": its objective is trainLoss")
        .hasMessageEndingWith("expected that of " + one + ", validationAccuracy, maximize.");
    Files.writeString(results, "{");
    assertThatThrownBy(() -> SweepReport.read(third))
        .isInstanceOf(DataException.class)
        .hasMessage(results + " is damaged; expected the results as a sweep wrote them.");
    assertThatThrownBy(() -> SweepReport.read(folder))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("expected the results of a sweep.");
  }

  /** Cells near good candidates are of the colour of good ones. */
  @Test
  void thePlaneOfTheTwoMostImportantSettingsIsColouredByThePlace() throws IOException {
    String page = page(SyntheticSweep.of(60, 1, folder));
    String plane = page.substring(page.indexOf("<g class='plane'>"));
    List<Integer> places =
        Pattern.compile("<rect class='candidate' style='--t:(\\d+)%'")
            .matcher(plane)
            .results()
            .map(match -> Integer.parseInt(match.group(1)))
            .toList();
    assertThat(places).hasSizeBetween(50, 24 * 24);
    assertThat(Collections.max(places)).isGreaterThan(80);
    assertThat(Collections.min(places)).isLessThan(20);
    assertThat(page).contains("<h2>" + SyntheticSweep.RATE + " and ");
  }

  @Test
  void theReportOfASweepThatGoesOnSaysSo() throws IOException {
    SweepReport.writeRunning(SyntheticSweep.of(3, 1, folder), folder);
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("Running: 3 candidates have ended so far", "location.reload");
  }

  @Test
  void aSweepWithoutAnyScoreSaysSo() throws IOException {
    List<Trial> trials =
        IntStream.range(0, 12)
            .mapToObj(i -> SyntheticSweep.failure(0, "The loss became NaN.", folder))
            .toList();
    String page = page(SyntheticSweep.single(Dimension.Kind.UNIFORM, numbers(12), trials));
    assertThat(page)
        .contains("none: no candidate reached a score", "0 with a score, 12 without")
        .contains("<b>failed</b> The loss became NaN.")
        .doesNotContain("Best settings", "NaN'", "NaN,");
    assertThat(Files.readString(folder.resolve("results.csv")))
        .endsWith(",11,,,3.1,failed,The loss became NaN.,11,1,,3.1\r\n");
  }

  @Test
  void aSweepWithoutCandidatesHasAPage() throws IOException {
    assertThat(page(SyntheticSweep.single(Dimension.Kind.UNIFORM, List.of(), List.of())))
        .contains("0 with a score, 0 without");
  }

  @ParameterizedTest
  @EnumSource
  void whateverTheValuesThePageHasNoBrokenDrawing(Dimension.Kind kind) throws IOException {
    List<JsonNode> values =
        List.of(
            JSON.numberNode(0),
            JSON.numberNode(-1e200),
            JSON.numberNode(1e-300),
            JSON.textNode("<script>alert('x')</script> & \"more\""),
            JSON.arrayNode().add(64).add(32),
            JSON.objectNode().put("type", "one-cycle"),
            JSON.booleanNode(true),
            JSON.nullNode());
    double[] scores = {0, 1e300, -1e300, 1e-9, Double.POSITIVE_INFINITY, 3, 4, Double.NaN};
    List<Trial> trials = new ArrayList<>();
    for (double score : scores) {
      trials.add(SyntheticSweep.success(0, score, folder));
    }
    assertThat(page(SyntheticSweep.single(kind, values, trials)))
        .doesNotContain("<script>alert")
        .doesNotContainPattern("(points|[xy][12]?|c[xy])='[^']*(NaN|Infinity)");
  }

  @Test
  void theJsonHoldsEverything() throws IOException {
    SweepResults results = SyntheticSweep.of(30, 2, folder);
    SweepReport.write(results, folder);
    JsonNode json = JsonMapper.builder().build().readTree(folder.resolve("results.json").toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "name", "strategy", "objective", "seconds", "dimensions", "importance", "candidates");
    assertThat(json.at("/objective/goal").asText()).isEqualTo("maximize");
    assertThat(json.at("/dimensions/0/kind").asText()).isEqualTo("logUniform");
    assertThat(json.at("/importance/drops").size()).isEqualTo(4);
    assertThat(json.at("/candidates").size()).isEqualTo(30);
    JsonNode best = json.at("/candidates/0");
    assertThat(best.get("rank").asInt()).isEqualTo(1);
    assertThat(best.get("number").asInt()).isEqualTo(results.ranked().get(0).number());
    assertThat(best.get("score").asDouble()).isEqualTo(results.ranked().get(0).score());
    assertThat(best.at("/settings/model.hidden").isInt()).isTrue();
    assertThat(best.at("/trials/1/epochs/5/validationAccuracy").isDouble()).isTrue();
    assertThat(best.at("/trials/1/folder").asText())
        .isEqualTo("candidates/%04d-1".formatted(best.get("number").asInt()));
    JsonNode worst = json.at("/candidates/29");
    assertThat(worst.get("rank").isNull()).isTrue();
    assertThat(worst.get("score").isNull()).isTrue();
    assertThat(worst.get("status").asText()).isEqualTo("failed");
    assertThat(worst.at("/trials/0/failure").asText()).startsWith("The loss became NaN");
  }

  @Test
  void theTableQuotesWhatItMust() throws IOException {
    List<Trial> trials =
        List.of(
            SyntheticSweep.success(0, 0.25, folder),
            SyntheticSweep.failure(0, "It said \"no\",\nand ended.", folder));
    SweepReport.write(
        SyntheticSweep.single(
            Dimension.Kind.CHOICE,
            List.of(JSON.textNode("plain"), JSON.arrayNode().add(1).add("a,b")),
            trials),
        folder);
    assertThat(Files.readString(folder.resolve("results.csv")))
        .isEqualTo(
            "rank,candidate,score,spread,seconds,status,failure,model.setting,seed.0,score.0,seconds.0\r\n"
                + "1,0,0.25,0.0,14.2,done,,plain,1,0.25,14.2\r\n"
                + ",1,,,3.1,failed,\"It said \"\"no\"\",\n"
                + "and ended.\",\"[1,\"\"a,b\"\"]\",1,,3.1\r\n");
  }

  private String page(SweepResults results) throws IOException {
    SweepReport.write(results, folder);
    return Files.readString(folder.resolve("report.html"));
  }

  private static List<JsonNode> numbers(int count) {
    return IntStream.range(0, count).<JsonNode>mapToObj(JSON::numberNode).toList();
  }
}
