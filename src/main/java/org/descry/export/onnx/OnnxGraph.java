package org.descry.export.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A part of a SameDiff graph in the making as an ONNX graph: values keep their names. What depends
 * on parameters and constants alone is computed and written down as a constant.
 */
final class OnnxGraph {
  private final SameDiff source;
  private final GraphProto.Builder graph;
  private final Map<String, Boolean> constants = new HashMap<>();
  private final Set<String> written = new HashSet<>();

  OnnxGraph(SameDiff source, String name) {
    this.source = source;
    graph = GraphProto.newBuilder().setName(name);
  }

  /**
   * The ONNX graph from inputs to outputs, all of which are variables of the source.
   *
   * @param outputs in their order, with their shapes; sizes below 0 are any number of rows
   */
  GraphProto of(List<String> inputs, Map<String, long[]> outputs) {
    inputs.forEach(this::addInput);
    outputs.forEach(
        (name, shape) -> graph.addOutput(OnnxTensors.value(value(name), type(name), shape)));
    return graph.build();
  }

  private void addInput(String name) {
    SDVariable input = source.getVariable(name);
    graph.addInput(OnnxTensors.value(name, type(name), input.placeholderShape()));
    written.add(name);
  }

  /** The type in ONNX: whole numbers are int64 there, as its indices are. */
  TensorProto.DataType type(String variable) {
    return source.getVariable(variable).dataType().isIntType()
        ? TensorProto.DataType.INT64
        : TensorProto.DataType.FLOAT;
  }

  /** The name of a variable's value, which is added with all that it stands on. */
  String value(String variable) {
    if (written.add(variable)) {
      if (isConstant(variable)) {
        graph.addInitializer(OnnxTensors.floats(variable, constant(variable)));
      } else {
        SameDiffOp op = producer(variable);
        written.addAll(op.getOutputsOfOp());
        OnnxOps.add(this, op);
      }
    }
    return variable;
  }

  /** The values of an operation's inputs. */
  String[] values(SameDiffOp op) {
    return op.getInputsToOp().stream().map(this::value).toArray(String[]::new);
  }

  /** Whether a variable depends on no input. */
  boolean isConstant(String variable) {
    Boolean known = constants.get(variable);
    if (known == null) {
      VariableType type = source.getVariable(variable).getVariableType();
      known =
          type == VariableType.ARRAY
              ? producer(variable).getInputsToOp().stream().allMatch(this::isConstant)
              : type != VariableType.PLACEHOLDER;
      constants.put(variable, known);
    }
    return known;
  }

  /** What a variable that depends on no input is. */
  INDArray constant(String variable) {
    SDVariable value = source.getVariable(variable);
    return value.getVariableType() == VariableType.ARRAY ? value.eval() : value.getArr();
  }

  /** The operation that gives a variable; null where none does. */
  SameDiffOp producer(String variable) {
    String name = source.getVariables().get(variable).getOutputOfOp();
    return name == null ? null : source.getOps().get(name);
  }

  /** Adds a constant and returns its name. */
  String initializer(String name, INDArray array) {
    graph.addInitializer(OnnxTensors.floats(name, array));
    return name;
  }

  /** Adds a constant vector and returns its name. */
  String initializer(String name, long... values) {
    graph.addInitializer(OnnxTensors.longs(name, values));
    return name;
  }

  /** Adds a node with one output and returns that one's name, which is the node's too. */
  String node(String type, String output, String[] inputs, AttributeProto... attributes) {
    node(type, List.of(output), inputs, attributes);
    return output;
  }

  void node(String type, List<String> outputs, String[] inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(type)
            .setName(outputs.get(0))
            .addAllInput(List.of(inputs))
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes)));
  }
}
