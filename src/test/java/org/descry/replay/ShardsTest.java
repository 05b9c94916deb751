package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.descry.replay.RecordedStepTest.bits;
import static org.descry.replay.RecordedStepTest.network;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.descry.engine.dnn.Dnn;
import org.descry.engine.dnn.Precision;
import org.descry.engine.dnn.Team;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Batches in shards, on threads of their own or in processes of a group. */
class ShardsTest {
  @BeforeEach
  void direct() {
    assumeTrue(Dnn.on(), "oneDNN is " + Dnn.state());
  }

  private static RecordedStep halving(ComputationGraph network) {
    return new RecordedStep(network, Precision.FLOAT32, values -> true);
  }

  /** Networks that may be halved. */
  static Stream<RecordedStepTest.Case> apart() {
    return RecordedStepTest.cases()
        .filter(of -> of.state() == 0)
        .filter(of -> new GraphWalk(network(of)).takesExamplesApart())
        .filter(of -> Division.rowsAreExamples(of.batch(0).getFeatures()));
  }

  /** Networks with statistics over a batch or a mask for it. */
  static Stream<RecordedStepTest.Case> whole() {
    return RecordedStepTest.cases().filter(of -> !new GraphWalk(network(of)).takesExamplesApart());
  }

  @Test
  void knowsBothKinds() {
    assertThat(apart()).hasSizeGreaterThanOrEqualTo(4);
    assertThat(whole()).hasSizeGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("apart")
  void givesTheBitsOfTheSameHalvesUnrecorded(RecordedStepTest.Case of) {
    ComputationGraph halved = network(of);
    RecordedStep step = halving(halved);
    ComputationGraph first = network(of);
    ComputationGraph second = network(of);
    ComputationGraph fitted = network(of);
    for (int i = 0; i < 6; i++) {
      int examples = i == 3 ? 5 : 6;
      MultiDataSet batch = rows(of.batch(i), 0, examples);
      step.fit(batch);
      fitted.fit(rows(of.batch(i), 0, examples));
      double score = fitInHalves(first, second, rows(of.batch(i), 0, examples));
      assertThat(halved.score()).as("score of step %d", i).isEqualTo(score);
      assertThat(halved.score()).isCloseTo(fitted.score(), within(1e-4));
      assertThat(bits(halved.params()))
          .as("parameters after step %d", i)
          .isEqualTo(bits(first.params()));
      if (i == 1) { // a network may be used between its steps, also on as many rows as a half has
        halved.output(rows(batch, 0, 3).getFeatures());
      }
    }
    assertThat(step.parts()).isEqualTo(2);
    assertThat(step.plans()).isEqualTo(2);
  }

  /** A step by DL4J's own passes, without a recording; returns the score. */
  private static double fitInHalves(
      ComputationGraph first, ComputationGraph second, MultiDataSet batch) {
    long examples = batch.getLabels(0).size(0);
    long half = (examples + 1) / 2;
    second.setParams(first.params().dup());
    double regularization = first.calcRegularizationScore(true);
    double one = pass(first, rows(batch, 0, half)) - regularization;
    double other = pass(second, rows(batch, half, examples)) - regularization;
    first.getFlattenedGradients().addi(second.getFlattenedGradients());
    first
        .getUpdater()
        .update(
            first.gradient(),
            first.getIterationCount(),
            first.getEpochCount(),
            (int) examples,
            LayerWorkspaceMgr.noWorkspacesImmutable());
    INDArray gradient = first.getFlattenedGradients();
    first.params().subi(gradient.reshape(gradient.length()));
    BaseOptimizer.incrementIterationCount(first, 1);
    double share = (double) half / examples;
    return share * one + (double) (examples - half) / examples * other + regularization;
  }

  private static double pass(ComputationGraph network, MultiDataSet batch) {
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.setLayerMaskArrays(null, batch.getLabelsMaskArrays());
    return Team.alone(
        () -> {
          network.computeGradientAndScore();
          return network.score();
        });
  }

  /** Some of a batch's examples, in arrays of their own. */
  private static MultiDataSet rows(MultiDataSet batch, long from, long to) {
    return new MultiDataSet(
        rows(batch.getFeatures(), from, to),
        rows(batch.getLabels(), from, to),
        null,
        rows(batch.getLabelsMaskArrays(), from, to));
  }

  private static INDArray[] rows(INDArray[] arrays, long from, long to) {
    return arrays == null
        ? null
        : Stream.of(arrays)
            .map(array -> array.get(NDArrayIndex.interval(from, to)).dup())
            .toArray(INDArray[]::new);
  }

  @ParameterizedTest
  @MethodSource("whole")
  void leavesABatchWholeThatIsLookedAtAsOne(RecordedStepTest.Case of) {
    ComputationGraph fitted = network(of);
    ComputationGraph network = network(of);
    RecordedStep step = halving(network);
    for (int i = 0; i < 2; i++) {
      fitted.fit(of.batch(i));
      step.fit(of.batch(i));
    }
    assertThat(step.parts()).isEqualTo(1);
    assertThat(bits(network.params())).isEqualTo(bits(fitted.params()));
  }

  /** An image may have several captions, which stay together. */
  @Test
  void dividesBetweenExamples() {
    INDArray[] images = {Nd4j.zeros(3, 2), null};
    INDArray[] captions = {Nd4j.zeros(6, 2)};
    assertThat(Division.units(images, null)).isEqualTo(3);
    assertThat(Division.units(images, captions)).isEqualTo(3);
    assertThat(Division.units(new INDArray[] {Nd4j.zeros(4, 2)}, captions)).isZero();
    assertThat(Division.units(new INDArray[] {Nd4j.zeros(4)})).isZero();
    assertThat(Division.rowsAreExamples(images, null)).isTrue();
    assertThat(Division.rowsAreExamples(images, captions)).isFalse();
    assertThat(new Division(3, true).divides(images)).isTrue();
    assertThat(new Division(3, false).divides(images)).isFalse();
    assertThat(new Division(3, false).divides(captions)).isTrue();
    assertThat(new Division(4, true).divides(images)).isFalse();
  }

  @Property(tries = 200)
  void everyShardGetsItsPartOfAllUnits(
      @ForAll @IntRange(min = 1, max = 40) int parts, @ForAll @IntRange(max = 100) int more) {
    Division division = new Division(parts, true);
    long units = parts + more;
    assertThat(division.end(-1, units)).isZero();
    assertThat(division.end(parts - 1, units)).isEqualTo(units);
    assertThat(division.stretch(0, parts - 1)).containsExactly(0, parts - 1);
    for (int rank = 0; rank < parts; rank++) {
      assertThat(division.stretch(rank, (int) units))
          .containsExactly((int) division.end(rank - 1, units), (int) division.end(rank, units));
      long size = division.end(rank, units) - division.end(rank - 1, units);
      assertThat(size).isBetween(units / parts, (units + parts - 1) / parts);
    }
  }

  @Test
  void halvesWhereValuesOutweighParametersAndTwoThreadsAreThere() {
    assertThat(Division.halvesAreFaster(() -> 1000, 1000)).isFalse();
    assertThat(Division.halvesAreFaster(() -> 1L << 40, 1000)).isEqualTo(Team.size() == 2);
    assertThat(Team.<Boolean>alone(() -> Division.halvesAreFaster(() -> 1L << 40, 1000))).isFalse();
  }

  @Test
  void tellsWhatFailsInTheSecondHalfAndGoesOn() {
    RecordedStepTest.Case of = apart().filter(c -> c.name().startsWith("lang")).findFirst().get();
    ComputationGraph network = network(of);
    RecordedStep step = halving(network);
    step.fit(of.batch(1));
    float[] before = bits(network.params());
    MultiDataSet wrong = of.batch(2);
    wrong.getLabels(0).putScalar(5, 0, 1000);
    assertThatThrownBy(() -> step.fit(wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 1000");
    assertThat(bits(network.params())).isEqualTo(before);
    step.fit(of.batch(1));
    assertThat(bits(network.params())).isNotEqualTo(before).doesNotContain(Float.NaN);
  }
}
