import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.descry.engine.Engine;
import org.descry.job.EarlyStopping;
import org.descry.job.NetworkJob;
import org.descry.job.OutputSettings;
import org.descry.job.Settings;
import org.descry.job.TrainingSettings;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.descry.train.network.NetworkTraining;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A batch job around a network of DL4J's own layers, fed by a DataSetIterator and heard by a DL4J
 * listener: does a point lie in the disc?
 *
 * <p>Arguments: the folder for runs, and the word resume to go on with an earlier run.
 */
public class TrainOwnNetwork {
  public static void main(String[] args) throws Exception {
    Engine.start(); // chooses the native library; first of all, before anything touches ND4J
    ComputationGraph network = network();
    CollectScoresIterationListener listener = new CollectScoresIterationListener();
    network.setListeners(listener);
    NetworkJob job =
        Settings.of(NetworkJob.class)
            .with(NetworkJob::name, "disc")
            .with(
                NetworkJob::training,
                Settings.of(TrainingSettings.class)
                    .with(TrainingSettings::epochs, 30)
                    .with(
                        TrainingSettings::earlyStopping,
                        Settings.of(EarlyStopping.class).with(EarlyStopping::patience, 10)))
            .with(
                NetworkJob::output,
                Settings.of(OutputSettings.class).with(OutputSettings::dir, args[0]))
            .build();
    DataSetIterator held = points(400, 2);
    Training training =
        NetworkTraining.of(job, network)
            .train(points(2000, 1))
            .validation(held)
            .score("validationAccuracy", best -> best.evaluate(held).accuracy())
            .training(
                new Training.Options(
                    args.length > 1 ? Training.Start.AUTO : Training.Start.NEW, null, false),
                TrainingProgress.NONE);
    System.out.println(training.run().evaluation().headline());
    Path zip = training.folder().resolve(Training.MODEL);
    ComputationGraph best = ComputationGraph.load(zip.toFile(), false);
    System.out.println(
        listener.getScoreVsIter().getEffectiveScores().length
            + " steps; "
            + best.evaluate(held).accuracy());
  }

  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.02))
                .weightInit(WeightInit.XAVIER)
                .graphBuilder()
                .addInputs("point")
                .addLayer(
                    "hidden",
                    new DenseLayer.Builder().nIn(2).nOut(32).activation(Activation.TANH).build(),
                    "point")
                .addLayer(
                    "disc",
                    new OutputLayer.Builder()
                        .nIn(32)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "hidden")
                .setOutputs("disc")
                .build());
    network.init();
    return network;
  }

  /** Batches of 50 points of the square from -1 to 1; the disc has a radius of 0.7. */
  private static DataSetIterator points(int count, long seed) {
    Random random = new Random(seed);
    List<DataSet> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = 2 * random.nextDouble() - 1;
      double y = 2 * random.nextDouble() - 1;
      double radius = Math.hypot(x, y);
      int inside = radius < 0.7 ? 1 : 0;
      INDArray label = Nd4j.zeros(1, 2).putScalar(0, inside, 1);
      points.add(new DataSet(Nd4j.create(new double[][] {{x, y}}).castTo(label.dataType()), label));
    }
    return new ListDataSetIterator<>(points, 50);
  }
}
