package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.descry.engine.Allocator;
import org.descry.engine.dnn.Memories;
import org.descry.layer.AffineLayer;
import org.descry.layer.ConvBatchNormReluLayer;
import org.descry.layer.ConvBatchNormReluPoolLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.ExplicitPass;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Sums of images lie as convolutions want them, and give what DL4J's own vertex gives. */
class ResidualImagesTest {
  private static final int SIDE = 6;
  private static final int K = 3;

  private static GraphBuilder stem() {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(new Adam(0.01))
        .graphBuilder()
        .addInputs("image")
        .setInputTypes(InputType.convolutional(SIDE, SIDE, 2))
        .addLayer("stem", conv(), "image");
  }

  /** A gradient that goes into several sums, two of which are read by several layers. */
  private static ComputationGraphConfiguration residual() {
    return stem()
        .addLayer("one", conv(), "stem")
        .addLayer("two", new ConvReluLayer.Builder().filters(4).kernel(3, 3).build(), "one")
        .addVertex("sum", add(), "stem", "two")
        .addLayer("three", conv(), "sum")
        .addVertex("all", add(), "three", "sum", "one", "stem")
        .addLayer("pooled", new ConvBatchNormReluPoolLayer.Builder().filters(4).build(), "all")
        .addLayer("four", conv(), "pooled")
        .addVertex("last", add(), "pooled", "four")
        .addLayer("scores", new AffineLayer.Builder().nOut(K).build(), "last")
        .addLayer("loss", new SoftmaxLossLayer(), "scores")
        .setOutputs("loss")
        .build();
  }

  private static ConvBatchNormReluLayer conv() {
    return new ConvBatchNormReluLayer.Builder().filters(4).kernel(3, 3).build();
  }

  private static ElementWiseVertex add() {
    return new ElementWiseVertex(ElementWiseVertex.Op.Add);
  }

  private static MultiDataSet batch(int seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 5, K);
    INDArray classes = random.integers(K, 5);
    for (int i = 0; i < 5; i++) {
      labels.putScalar(i, classes.getLong(i), 1);
    }
    return new MultiDataSet(random.floats(5, SIDE, SIDE, 2).permute(0, 3, 1, 2), labels);
  }

  private static ComputationGraph network() {
    ComputationGraph network = new ComputationGraph(residual());
    network.init();
    return network;
  }

  @Test
  void recordedStepsAndFitAgreeToTheBit() {
    ComputationGraph fitted = network();
    ComputationGraph replayed = network();
    RecordedStep step = RecordedStep.of(replayed);
    for (int i = 0; i < 4; i++) {
      fitted.fit(batch(i));
      step.fit(batch(i));
      assertThat(replayed.score()).isEqualTo(fitted.score());
      assertThat(replayed.params().toFloatVector()).isEqualTo(fitted.params().toFloatVector());
    }
    assertThat(step.plans()).isEqualTo(1);
    RecordedOutput output = RecordedOutput.of(replayed);
    INDArray images = batch(9).getFeatures(0);
    for (int i = 0; i < 3; i++) {
      assertThat(output.output(images).get(0).toFloatMatrix())
          .isEqualTo(replayed.outputSingle(images).toFloatMatrix());
    }
  }

  /** Hands its input on; on the way back it writes over the gradient that it was given. */
  private static final class Careless extends ExplicitLayer {
    private static final long serialVersionUID = 1;

    @Override
    protected ExplicitPass explicitPass() {
      return new ExplicitPass() {
        @Override
        public INDArray forward(
            INDArray x, INDArray mask, boolean training, Map<String, INDArray> p, Allocator to) {
          return to.create(x.dataType(), x.shape()).assign(x);
        }

        @Override
        public INDArray backward(INDArray dOut, Map<String, INDArray> gradients, Allocator to) {
          INDArray dX = to.create(dOut.dataType(), dOut.shape()).assign(dOut);
          dOut.assign(100);
          return dX;
        }

        @Override
        public boolean recordable() {
          return true;
        }
      };
    }

    @Override
    protected List<?> settings() {
      return List.of();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
      return inputType;
    }

    @Override
    public void defineParameters(SDLayerParams params) {}

    @Override
    public void initializeParameters(Map<String, INDArray> params) {}

    @Override
    public SDVariable defineLayer(
        SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
      return input;
    }
  }

  @Test
  void aLayerMayWriteOverItsOwnGradientOfASum() {
    ComputationGraphConfiguration configuration =
        stem()
            .addLayer("one", new Careless(), "stem")
            .addLayer("two", new Careless(), "stem")
            .addVertex("sum", add(), "stem", "one", "two")
            .addLayer("scores", new AffineLayer.Builder().nOut(K).build(), "sum")
            .addLayer("loss", new SoftmaxLossLayer(), "scores")
            .setOutputs("loss")
            .build();
    ComputationGraph fitted = new ComputationGraph(configuration.clone());
    ComputationGraph replayed = new ComputationGraph(configuration);
    fitted.init();
    replayed.init();
    RecordedStep step = RecordedStep.of(replayed);
    for (int i = 0; i < 3; i++) {
      fitted.fit(batch(i));
      step.fit(batch(i));
      assertThat(replayed.params().toFloatVector()).isEqualTo(fitted.params().toFloatVector());
    }
    assertThat(step.plans()).isEqualTo(1);
  }

  @Test
  void sumsOfChannelsLastImagesAreChannelsLast() {
    PlanMemory memory = new PlanMemory();
    RandomArrays random = new RandomArrays(1);
    INDArray one = random.floats(2, 3, 4, 5).permute(0, 3, 1, 2);
    INDArray other = random.floats(2, 5, 3, 4);
    INDArray sum = new Addition().of(ArrayType.ACTIVATIONS, memory, one, other, one);
    assertThat(Memories.channelsLast(sum)).isTrue();
    assertThat(sum.dup('c')).isEqualTo(one.add(other).addi(one).dup('c'));
    INDArray turned = new Addition().channelsLast(other, memory);
    assertThat(Memories.channelsLast(turned)).isTrue();
    assertThat(turned.dup('c')).isEqualTo(other);
  }
}
