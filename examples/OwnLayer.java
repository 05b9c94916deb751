import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.Allocator;
import org.descry.engine.Engine;
import org.descry.engine.Scratch;
import org.descry.gradcheck.GradientCheck;
import org.descry.gradcheck.LayerCases;
import org.descry.gradcheck.Report;
import org.descry.layer.AffineLayer;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.ExplicitPass;
import org.descry.layer.SoftmaxLossLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A layer with a backward pass of its own: its gradients are checked, its network goes to JSON and
 * back, and it is trained to tell the inside of a ring from the outside.
 */
public class OwnLayer {
  /**
   * Swish with a slope that is learnt for each feature (Ramachandran, Zoph and Le 2017): {@code y =
   * x s(beta x)} with the sigmoid s. N x D to N x D; parameter: beta (D).
   */
  public static final class Swish extends ExplicitLayer {
    private static final long serialVersionUID = 1L;
    private static final String BETA = "beta";

    private long width; // in JSON; known once the network's input types are

    @Override
    protected void inferSizes(InputType inputType, boolean override) {
      width = inputType.arrayElementsPerExample();
    }

    @Override
    protected List<?> settings() {
      return List.of(width);
    }

    @Override
    public void defineParameters(SDLayerParams params) {
      params.addBiasParam(BETA, width); // as a bias it gets no L2 penalty
    }

    @Override
    public void initializeParameters(Map<String, INDArray> params) {
      params.get(BETA).assign(1);
    }

    /** The forward pass for SameDiff: what the gradient check holds the explicit pass against. */
    @Override
    public SDVariable defineLayer(
        SameDiff sameDiff, SDVariable x, Map<String, SDVariable> params, SDVariable mask) {
      return x.mul(sameDiff.nn().sigmoid(x.mul(params.get(BETA))));
    }

    @Override
    protected ExplicitPass explicitPass() {
      return new Pass();
    }

    /** What runs, and what it keeps from forwards to backwards. */
    private static final class Pass implements ExplicitPass {
      private final Scratch gates = new Scratch(); // memory that outlives DL4J's workspaces
      private final Scratch slopes = new Scratch();
      private INDArray x;
      private INDArray beta;
      private INDArray gate;

      @Override
      public INDArray forward(
          INDArray input,
          INDArray mask,
          boolean training,
          Map<String, INDArray> params,
          Allocator allocator) {
        x = input;
        beta = params.get(BETA);
        gate = gates.get(x.dataType(), x.shape()).assign(x).muliRowVector(beta);
        Transforms.sigmoid(gate, false);
        return x.muli(gate, allocator.create(x.dataType(), x.shape()));
      }

      /** With g = s(beta x): dx = dOut (g + beta x g (1 - g)), dBeta = sum dOut x x g (1 - g). */
      @Override
      public INDArray backward(
          INDArray dOut, Map<String, INDArray> gradients, Allocator allocator) {
        INDArray slope = slopes.get(x.dataType(), x.shape()).assign(gate);
        slope.rsubi(1).muli(gate).muli(x); // x g (1 - g)
        gradients.get(BETA).assign(slope.mul(x).muli(dOut).sum(0));
        if (allocator == null) {
          return null; // nobody needs it
        }
        INDArray dX = allocator.create(x.dataType(), x.shape());
        return dX.assign(slope).muliRowVector(beta).addi(gate).muli(dOut);
      }
    }
  }

  public static void main(String[] args) {
    Engine.start(); // chooses the native library; first of all, before anything touches ND4J
    INDArray x = Nd4j.randn(DataType.DOUBLE, 4, 5);
    var layer = LayerCases.Case.of(new Swish(), "", InputType.feedForward(5), x);
    Report report = GradientCheck.THOROUGH.of(layer.subject().get());
    report.disagreements().forEach(System.out::println);
    System.out.println(report.agrees() ? "Gradients agree." : "Gradients disagree.");

    String json = configuration().toJson();
    var read = ComputationGraphConfiguration.fromJson(json);
    System.out.println(read.toJson().equals(json) ? "JSON and back: the same." : "JSON: another.");

    ComputationGraph network = new ComputationGraph(read);
    network.init();
    DataSet ring = ring(500, 1);
    for (int step = 0; step < 200; step++) {
      network.fit(ring);
    }
    DataSet test = ring(200, 2);
    INDArray found = network.outputSingle(test.getFeatures()).argMax(1);
    long right =
        found.eq(test.getLabels().argMax(1)).castTo(DataType.INT32).sumNumber().longValue();
    System.out.printf("%s of 200 right%n", right);
  }

  private static ComputationGraphConfiguration configuration() {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(new Adam(0.05))
        .graphBuilder()
        .addInputs("point")
        .setInputTypes(InputType.feedForward(2))
        .addLayer("affine", new AffineLayer.Builder().nOut(16).build(), "point")
        .addLayer("swish", new Swish(), "affine")
        .addLayer("scores", new AffineLayer.Builder().nOut(2).build(), "swish")
        .addLayer("classes", new SoftmaxLossLayer(), "scores")
        .setOutputs("classes")
        .build();
  }

  /** N x 2 points of a plane, and whether each is within a radius of 1, one-hot N x 2. */
  private static DataSet ring(int count, long seed) {
    Random random = new Random(seed);
    INDArray points = Nd4j.create(count, 2);
    INDArray labels = Nd4j.create(count, 2);
    for (int n = 0; n < count; n++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      points.putScalar(n, 0, a).putScalar(n, 1, b);
      labels.putScalar(n, a * a + b * b < 1 ? 0 : 1, 1);
    }
    return new DataSet(points, labels);
  }
}
