import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.Engine;
import org.descry.layer.AffineLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A ComputationGraph put together by hand from Descry's layers, with a residual connection, trained
 * with DL4J's own fit: it tells upright stripes from level ones.
 */
public class OwnNetwork {
  private static final int SIDE = 16;

  public static void main(String[] args) {
    Engine.start(); // chooses the native library; first of all, before anything touches ND4J
    ComputationGraph network = new ComputationGraph(configuration());
    network.init();
    for (int step = 0; step < 40; step++) {
      network.fit(stripes(32, step));
    }
    DataSet test = stripes(100, 1000);
    INDArray probabilities = network.outputSingle(test.getFeatures()); // N x 2
    long right =
        probabilities
            .argMax(1)
            .eq(test.getLabels().argMax(1))
            .castTo(Nd4j.dataType())
            .sumNumber()
            .longValue();
    System.out.println(right + " of 100 right, loss " + network.score(test));
  }

  private static ComputationGraphConfiguration configuration() {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(new Adam(0.003))
        .graphBuilder()
        .addInputs("image")
        .setInputTypes(InputType.convolutional(SIDE, SIDE, 1))
        .addLayer(
            "stem",
            new ConvReluPoolLayer.Builder()
                .filters(8)
                .kernel(3, 3)
                .inputGradient(false) // the first layer: nobody needs its input's gradient
                .build(),
            "image")
        .addLayer("block", new ConvReluLayer.Builder().filters(8).kernel(3, 3).build(), "stem")
        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "stem", "block")
        .addLayer("scores", new AffineLayer.Builder().nOut(2).build(), "sum")
        .addLayer("classes", new SoftmaxLossLayer(), "scores")
        .setOutputs("classes")
        .build();
  }

  /** N x 1 x SIDE x SIDE images and one-hot labels N x 2. */
  private static DataSet stripes(int count, long seed) {
    Random random = new Random(seed);
    INDArray images = Nd4j.create(count, 1, SIDE, SIDE);
    INDArray labels = Nd4j.create(count, 2);
    for (int n = 0; n < count; n++) {
      int label = random.nextInt(2);
      int phase = random.nextInt(4);
      labels.putScalar(n, label, 1);
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          double stripe = ((label == 0 ? x : y) + phase) / 2 % 2;
          images.putScalar(new int[] {n, 0, y, x}, stripe + 0.3 * random.nextGaussian());
        }
      }
    }
    return new DataSet(images, labels);
  }
}
