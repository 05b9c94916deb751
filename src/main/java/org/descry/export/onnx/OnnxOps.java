package org.descry.export.onnx;

import static java.util.Map.entry;
import static org.descry.export.onnx.OnnxTensors.attribute;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import org.descry.UsageException;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseReduceOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.factory.Nd4j;

/** SameDiff's operations as those of ONNX, opset {@value #OPSET}. */
final class OnnxOps {
  /** The version of ONNX's operations: the oldest whose axes are where they have been since. */
  static final int OPSET = 13;

  /** How an operation is added. */
  @FunctionalInterface
  private interface Writer {
    void write(OnnxGraph graph, SameDiffOp op, String out);
  }

  private static final Map<String, Writer> WRITERS =
      Map.ofEntries(
          entry("identity", same("Identity")),
          entry("relu", same("Relu")),
          entry("sigmoid", same("Sigmoid")),
          entry("tanh", same("Tanh")),
          entry("erf", same("Erf")),
          entry("sqrt", same("Sqrt")),
          entry("add", same("Add")),
          entry("multiply", same("Mul")),
          entry("subtract", (graph, op, out) -> withConstant(graph, op, out, "Sub", "Add")),
          entry("divide", (graph, op, out) -> withConstant(graph, op, out, "Div", "Mul")),
          entry("add_scalar", scalar("Add")),
          entry("mul_scalar", scalar("Mul")),
          entry("permute", OnnxOps::permute),
          entry("reshape", OnnxOps::reshape),
          entry("cast", OnnxOps::cast),
          entry("softmax", OnnxOps::softmax),
          entry("reduce_mean", OnnxOps::mean),
          entry("conv2d", OnnxOps::convolution),
          entry("maxpool2d", OnnxOps::maxPool),
          entry("matmul", OnnxOps::product),
          entry("onehot", OnnxOps::oneHot),
          entry("strided_slice", OnnxOps::slice),
          entry("stack", OnnxOps::stack),
          entry("concat", OnnxOps::concat),
          entry("split", OnnxOps::split));

  private OnnxOps() {}

  /**
   * Adds an operation, and all that it stands on.
   *
   * @throws UsageException if it has no counterpart
   */
  static void add(OnnxGraph graph, SameDiffOp op) {
    Writer writer = WRITERS.get(op.getOp().opName());
    String out = op.getOutputsOfOp().get(0);
    if (writer == null) {
      throw new UsageException(
          "The format onnx cannot hold \"%s\" (the operation %s); expected one of %s."
              .formatted(out, op.getOp().opName(), WRITERS.keySet().stream().sorted().toList()));
    }
    writer.write(graph, op, out);
  }

  private static Writer same(String type) {
    return (graph, op, out) -> graph.node(type, out, graph.values(op));
  }

  private static Writer scalar(String type) {
    return (graph, op, out) ->
        graph.node(
            type,
            out,
            new String[] {
              graph.value(op.getInputsToOp().get(0)),
              graph.initializer(out + "/scalar", ((ScalarOp) op.getOp()).scalar().reshape(1))
            });
  }

  /**
   * A difference from a constant is a sum and a quotient by one a product, which runtimes fold into
   * the convolution before them.
   */
  private static void withConstant(
      OnnxGraph graph, SameDiffOp op, String out, String type, String inverse) {
    String right = op.getInputsToOp().get(1);
    if (!graph.isConstant(right)) {
      graph.node(type, out, graph.values(op));
      return;
    }
    INDArray values = graph.constant(right);
    INDArray inverted = inverse.equals("Add") ? values.neg() : values.rdiv(1);
    String[] inputs = {
      graph.value(op.getInputsToOp().get(0)), graph.initializer(out + "/constant", inverted)
    };
    graph.node(inverse, out, inputs);
  }

  private static long[] integers(SameDiffOp op) {
    return ((DynamicCustomOp) op.getOp()).iArgs();
  }

  private static void permute(OnnxGraph graph, SameDiffOp op, String out) {
    graph.node("Transpose", out, graph.values(op), attribute("perm", integers(op)));
  }

  private static void reshape(OnnxGraph graph, SameDiffOp op, String out) {
    long[] order = integers(op); // the first is the order of the elements, 'c'
    reshaped(
        graph,
        out,
        graph.value(op.getInputsToOp().get(0)),
        Arrays.copyOfRange(order, 1, order.length));
  }

  private static String reshaped(OnnxGraph graph, String out, String input, long... shape) {
    return graph.node(
        "Reshape", out, new String[] {input, graph.initializer(out + "/shape", shape)});
  }

  private static void cast(OnnxGraph graph, SameDiffOp op, String out) {
    graph.node("Cast", out, graph.values(op), attribute("to", graph.type(out).getNumber()));
  }

  private static void softmax(OnnxGraph graph, SameDiffOp op, String out) {
    graph.node("Softmax", out, graph.values(op), attribute("axis", integers(op)[0]));
  }

  private static void mean(OnnxGraph graph, SameDiffOp op, String out) {
    BaseReduceOp mean = (BaseReduceOp) op.getOp();
    graph.node(
        "ReduceMean",
        out,
        graph.values(op),
        attribute("axes", Arrays.stream(mean.getDimensions()).asLongStream().toArray()),
        attribute("keepdims", mean.isKeepDims() ? 1 : 0));
  }

  /** SameDiff has kernels as height, width, channels, filters; ONNX filters and channels first. */
  private static void convolution(OnnxGraph graph, SameDiffOp op, String out) {
    List<String> inputs = op.getInputsToOp();
    INDArray kernels = graph.constant(inputs.get(1)).permute(3, 2, 0, 1);
    graph.node(
        "Conv",
        out,
        new String[] {
          graph.value(inputs.get(0)),
          graph.initializer(out + "/W", kernels),
          graph.value(inputs.get(2))
        },
        window(integers(op)));
  }

  private static void maxPool(OnnxGraph graph, SameDiffOp op, String out) {
    graph.node("MaxPool", out, graph.values(op), window(integers(op)));
  }

  /** Of a convolution or pooling whose numbers begin with kernel, stride and padding. */
  private static AttributeProto[] window(long... numbers) {
    return new AttributeProto[] {
      attribute("kernel_shape", numbers[0], numbers[1]),
      attribute("strides", numbers[2], numbers[3]),
      attribute("pads", numbers[4], numbers[5], numbers[4], numbers[5])
    };
  }

  /**
   * The product of one-hot rows and a table, which is how words are looked up, gathers its rows.
   */
  private static void product(OnnxGraph graph, SameDiffOp op, String out) {
    String left = op.getInputsToOp().get(0);
    SameDiffOp rows = graph.producer(left);
    while (rows != null && List.of("reshape", "cast").contains(rows.getOp().opName())) {
      rows = graph.producer(rows.getInputsToOp().get(0));
    }
    if (rows == null || !rows.getOp().opName().equals("onehot")) {
      graph.node("MatMul", out, graph.values(op));
      return;
    }
    String numbers = graph.value(rows.getInputsToOp().get(0));
    String table = graph.value(op.getInputsToOp().get(1));
    graph.node(
        "Gather",
        out,
        new String[] {table, reshaped(graph, out + "/numbers", numbers, -1)},
        attribute("axis", 0L));
  }

  private static void oneHot(OnnxGraph graph, SameDiffOp op, String out) {
    graph.node(
        "OneHot",
        out,
        new String[] {
          graph.value(op.getInputsToOp().get(0)),
          graph.initializer(out + "/depth", integers(op)[1]),
          graph.initializer(out + "/values", Nd4j.createFromArray(0f, 1f))
        },
        attribute("axis", integers(op)[0]));
  }

  /**
   * Of SameDiff's numbers the first five are masks; of a range's begin and end, where it is set.
   */
  private static void slice(OnnxGraph graph, SameDiffOp op, String out) {
    long[] numbers = integers(op);
    int axes = (numbers.length - 5) / 3;
    long[] begins = Arrays.copyOfRange(numbers, 5, 5 + axes);
    long[] ends = Arrays.copyOfRange(numbers, 5 + axes, 5 + 2 * axes);
    for (int axis = 0; axis < axes; axis++) {
      begins[axis] = (numbers[0] >> axis & 1) == 1 ? 0 : begins[axis];
      ends[axis] = (numbers[2] >> axis & 1) == 1 ? Long.MAX_VALUE : ends[axis];
    }
    graph.node(
        "Slice",
        out,
        new String[] {
          graph.value(op.getInputsToOp().get(0)),
          graph.initializer(out + "/starts", begins),
          graph.initializer(out + "/ends", ends),
          graph.initializer(out + "/axes", LongStream.range(0, axes).toArray())
        });
  }

  private static void stack(OnnxGraph graph, SameDiffOp op, String out) {
    long axis = integers(op)[0];
    String[] parts = graph.values(op);
    String axes = graph.initializer(out + "/axes", axis);
    for (int i = 0; i < parts.length; i++) {
      parts[i] = graph.node("Unsqueeze", out + "/" + i, new String[] {parts[i], axes});
    }
    graph.node("Concat", out, parts, attribute("axis", axis));
  }

  private static void concat(OnnxGraph graph, SameDiffOp op, String out) {
    graph.node("Concat", out, graph.values(op), attribute("axis", integers(op)[0]));
  }

  private static void split(OnnxGraph graph, SameDiffOp op, String out) {
    graph.node("Split", op.getOutputsOfOp(), graph.values(op), attribute("axis", integers(op)[1]));
  }
}
