import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.LongStream;
import org.deeplearning4j.arbiter.ComputationGraphSpace;
import org.deeplearning4j.arbiter.conf.updater.AdamSpace;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.saving.InMemoryResultSaver;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxCandidatesCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;
import org.deeplearning4j.arbiter.optimize.runner.LocalOptimizationRunner;
import org.deeplearning4j.arbiter.scoring.impl.EvaluationScoreFunction;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.Engine;
import org.descry.kernel.Activation;
import org.descry.layer.AffineBlockLayer;
import org.descry.layer.AffineLayer;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.space.ExplicitLayerSpace;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arbiter's own search over a network of Descry's layers: a ComputationGraphSpace in which each
 * setting of each layer may be a space.
 */
public class SearchLayers {
  private static final int SIDE = 16;

  public static void main(String[] args) throws Exception {
    Engine.start(); // chooses the native library; first of all, before anything touches ND4J
    RandomSearchGenerator generator = new RandomSearchGenerator(space());
    generator.setRngSeed(1);
    OptimizationConfiguration search =
        new OptimizationConfiguration.Builder()
            .candidateGenerator(generator)
            .dataSource(Stripes.class, new Properties())
            .scoreFunction(new EvaluationScoreFunction(Evaluation.Metric.ACCURACY))
            .modelSaver(new InMemoryResultSaver())
            .terminationConditions(new MaxCandidatesCondition(6))
            .build();
    LocalOptimizationRunner runner = new LocalOptimizationRunner(search);
    runner.execute();
    OptimizationResult best = runner.getResults().get(0).getResult();
    for (var reference : runner.getResults()) {
      OptimizationResult result = reference.getResult();
      System.out.printf("candidate %d: %.2f%n", result.getIndex(), result.getScore());
      best = result.getScore() > best.getScore() ? result : best;
    }
    ComputationGraph network = (ComputationGraph) best.getResultReference().getResultModel();
    System.out.printf("best: %d with %d parameters%n", best.getIndex(), network.numParams());
  }

  private static ComputationGraphSpace space() {
    return new ComputationGraphSpace.Builder()
        .seed(1)
        .numEpochs(2)
        .updater(new AdamSpace(new ContinuousParameterSpace(0.001, 0.01)))
        .addInputs("image")
        .setInputTypes(InputType.convolutional(SIDE, SIDE, 1))
        .layer(
            "stem",
            new ExplicitLayerSpace<>(
                ConvReluPoolLayer.class,
                Map.of(
                    "filters", new IntegerParameterSpace(4, 12),
                    "kernel", new DiscreteParameterSpace<>(3, 5), // 3 x 3 or 5 x 5
                    "inputGradient", false)), // a value is what all candidates have
            "image")
        .layer(
            "hidden",
            new ExplicitLayerSpace<>(
                AffineBlockLayer.class,
                Map.of(
                    "nOut", new IntegerParameterSpace(8, 32),
                    "activation", new DiscreteParameterSpace<>(Activation.RELU, Activation.TANH),
                    "batchNorm", new DiscreteParameterSpace<>(true, false))),
            "stem")
        .layer("scores", new AffineLayer.Builder().nOut(2).build(), "hidden")
        .layer("classes", new SoftmaxLossLayer(), "scores")
        .setOutputs("classes")
        .build();
  }

  /** Upright and level stripes; Arbiter makes one for each candidate. */
  public static class Stripes implements DataSource {
    private static final long serialVersionUID = 1L;

    @Override
    public void configure(Properties properties) {
      // It has no settings.
    }

    @Override
    public Object trainData() {
      return batches(20, 0);
    }

    @Override
    public Object testData() {
      return batches(3, 1000);
    }

    @Override
    public Class<?> getDataType() {
      return ExistingDataSetIterator.class;
    }

    private static ExistingDataSetIterator batches(int count, long seed) {
      return new ExistingDataSetIterator(
          LongStream.range(seed, seed + count).mapToObj(s -> stripes(32, s)).toList());
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
}
