package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.engine.dnn.Precision;
import org.descry.gradcheck.LayerCases;
import org.descry.layer.BrokenLayer;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class GradcheckCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(CommandLine program, String... args) {
    program.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return program.execute(args);
  }

  private int gradcheck(String... args) {
    return run(new CommandLine(new GradcheckCommand()), args);
  }

  @Test
  void theLayersAskedForAgree() {
    assertThat(run(Main.commandLine(), "gradcheck", "affine", "softmax-loss")).isZero();
    assertThat(out.toString())
        .contains("affine (on images)", "softmax-loss", "All gradients agree.")
        .doesNotContain("conv-relu", "BAD");
  }

  @Test
  void jsonHoldsEveryComparison() throws IOException {
    assertThat(gradcheck("conv-relu-pool", "--fast", "--json")).isZero();
    JsonNode reports = new ObjectMapper().readTree(out.toString());
    assertThat(reports.get(0).get("subject").asText()).isEqualTo("conv-relu-pool");
    assertThat(reports.get(0).get("agrees").asBoolean()).isTrue();
    JsonNode weights = reports.get(0).get("rows").get(1);
    assertThat(weights.get("name").asText()).isEqualTo("W");
    assertThat(weights.at("/autodiff/error").asDouble()).isLessThan(1e-6);
    assertThat(weights.at("/differences/error").asDouble()).isLessThan(1e-6);
  }

  @Test
  void aBrokenLayerIsNamedAndExitsWithOne() {
    var broken =
        LayerCases.Case.of(
            new BrokenLayer("W"), "", InputType.feedForward(4), new RandomArrays(1).normal(5, 4));
    assertThat(run(new CommandLine(new GradcheckCommand(() -> List.of(broken))))).isEqualTo(1);
    assertThat(out.toString())
        .contains("BAD  W", "broken: W differs from autodiff by", "Gradients disagree.");
  }

  @Test
  void aLayerOfOnesOwnIsLoadedByItsName() {
    assertThat(gradcheck("--class", "org.descry.layer.ReluLayer", "--input", "3x4x4")).isZero();
    assertThat(gradcheck("--class", "org.descry.layer.LastStepLayer", "--input", "3x4")).isZero();
    assertThat(out.toString()).contains("All gradients agree.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--class=com.acme.None | There is no class com.acme.None in Descry itself and no"
            + " --class-path is given; expected its whole name",
        "--class=java.lang.String | java.lang.String is no layer that can be checked; expected",
        "--class=org.descry.layer.ReluLayer --input=3x | The input is 3x; expected D, TxD or CxHxW",
        "--class=a.B --class-path=none.jar | none.jar does not exist; expected a jar or a folder",
        "--class=org.descry.layer.ConvReluLayer --input=5 | ConvReluLayer fails on an input of 5: ",
        "--class=a.B relu | Expected layers, --model or --class, got several"
      })
  void whatIsNoLayerIsOneSentence(String line, String sentence) {
    Cli.Outcome refused = Cli.here(("gradcheck " + line).split(" "));
    assertThat(refused.code()).isIn(2, 3);
    assertThat(refused.err()).contains(sentence).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sigmoid", "Sigmoid", "SigmoidLayer", "org.descry.layer.SigmoidLayer", "relu"})
  void layersHaveTheNamesOfTheirClassesToo(String name) {
    assertThat(gradcheck(name, "--fast")).isZero();
    assertThat(out.toString()).containsPattern("(?m)^(sigmoid|relu)$");
    assertThat(out.toString()).doesNotContain("affine");
  }

  @ParameterizedTest
  @CsvSource({
    "ConvReluPol, conv-relu-pool",
    "Sigmod, sigmoid",
    "org.example.ReluLayer, relu",
    "conv_relu, conv-relu"
  })
  void theNearestLayerIsNamed(String name, String nearest) {
    assertThat(gradcheck(name)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("There is no layer '" + name + "' (did you mean " + nearest + "?); expected");
  }

  @Test
  void anUnknownLayerIsAWrongCommandLine() {
    assertThat(gradcheck("convolution")).isEqualTo(2);
    assertThat(err.toString()).contains("There is no layer 'convolution'", "conv-relu-pool", "rnn");
    assertThat(gradcheck("affine", "--model", "job.yaml")).isEqualTo(2);
  }

  @Test
  void howFarBfloat16Strays(@TempDir Path dir) throws IOException {
    Path job =
        Files.writeString(
            dir.resolve("job.yaml"),
            """
            name: small
            model: {type: three-layer-convnet, filters: 32, filterSize: 3, hidden: 64}
            data: {source: shapes, train: 120, validation: 10, test: 10}
            training: {batchSize: 100}
            """);
    assertThat(gradcheck("--precision", "bfloat16")).isEqualTo(2);
    assertThat(gradcheck("--precision", "float16", "--model", job.toString())).isEqualTo(2);
    String obstacle = Precision.BFLOAT16.obstacle();
    int exit = gradcheck("--precision", "bfloat16", "--model", job.toString(), "--json");
    if (obstacle != null) {
      assertThat(exit).isEqualTo(2);
      assertThat(err.toString()).contains("'--precision': bfloat16", obstacle);
      return;
    }
    assertThat(exit).isZero();
    JsonNode rows = new ObjectMapper().readTree(out.toString()).get("rows");
    assertThat(rows).hasSize(6);
    for (JsonNode row : rows) {
      assertThat(row.get("distance").asDouble()).isBetween(0.0, 0.2);
      assertThat(row.get("cosine").asDouble()).isGreaterThan(0.98);
    }
    assertThat(rows.toString()).contains("conv_W");
    assertThat(rows.findValuesAsText("distance")).anyMatch(d -> Double.parseDouble(d) > 1e-5);
  }

  @Test
  void aJobsNetworkIsChecked(@TempDir Path dir) throws IOException {
    Path job =
        Files.writeString(
            dir.resolve("job.yaml"),
            """
            name: small
            model: {type: three-layer-convnet, filters: 2, filterSize: 3, hidden: 5}
            data: {source: shapes, train: 40, validation: 10, test: 10}
            """);
    assertThat(gradcheck("--model", job.toString())).isZero();
    assertThat(out.toString())
        .contains("job.yaml", "conv_W", "hidden_b", "All gradients agree.")
        .doesNotContain("BAD");
  }
}
