package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.descry.testing.Networks.SUBJECT;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.gradcheck.Subject;
import org.descry.gradcheck.VertexSubject;
import org.junit.jupiter.api.DynamicTest;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * The one contract of all vertices with parameters: the output's shape, the gradient by three ways,
 * and what {@link GraphContract} lists.
 *
 * @param vertex makes a new configuration of the vertex
 * @param inputTypes the network's inputs, in the order of the vertex's
 * @param inputs a batch of each input by the vertex's own name for it, float64, in the same order
 * @param mask the first input's mask for the gradient check, or null
 */
public record VertexContract(
    Supplier<? extends SameDiffVertex> vertex,
    List<InputType> inputTypes,
    Map<String, INDArray> inputs,
    INDArray mask) {
  /** The contract as one test a clause. */
  public Stream<DynamicTest> checks() {
    INDArray[] features = inputs.values().toArray(INDArray[]::new);
    INDArray labels = new RandomArrays(3).oneHot(features[0].size(0), Networks.CLASSES);
    var data = new MultiDataSet(features, new INDArray[] {labels});
    return Stream.concat(
        Stream.of(
            dynamicTest("output has the shape of getOutputType", this::outputShape),
            dynamicTest("three ways to the gradient agree", this::gradients)),
        new GraphContract(this::network, SUBJECT, data).checks());
  }

  private ComputationGraph network(DataType type) {
    String[] names = inputs.keySet().toArray(String[]::new);
    return Networks.classifying(
        Networks.settings(type)
            .graphBuilder()
            .addInputs(names)
            .setInputTypes(inputTypes.toArray(InputType[]::new))
            .addVertex(SUBJECT, vertex.get(), names),
        outputType());
  }

  private InputType outputType() {
    return vertex.get().getOutputType(0, inputTypes.toArray(InputType[]::new));
  }

  private void outputShape() {
    Subject.Result result = subject(network(DataType.DOUBLE)).explicit();
    INDArray out = result.outputs().values().iterator().next();
    long[] claimed = outputType().getShape(true).clone();
    claimed[0] = out.size(0);
    assertThat(out.shape()).isEqualTo(claimed);
  }

  private void gradients() {
    ComputationGraph network = network(DataType.DOUBLE);
    Map<String, INDArray> params = network.getVertex(SUBJECT).paramTable(false);
    params.values().forEach(p -> p.addi(new RandomArrays(7).normal(p.shape()).muli(0.5)));
    Gradients.assertAgree(subject(network));
  }

  private VertexSubject subject(ComputationGraph network) {
    network.initGradientsView();
    return new VertexSubject(SUBJECT, network.getVertex(SUBJECT), vertex.get(), inputs, mask, 5);
  }
}
