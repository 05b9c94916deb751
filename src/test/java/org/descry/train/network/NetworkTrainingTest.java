package org.descry.train.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.descry.DataException;
import org.descry.Descry;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.engine.Engine;
import org.descry.job.InvalidJobException;
import org.descry.job.NetworkJob;
import org.descry.job.OptimizerSettings.Adam;
import org.descry.job.OutputSettings;
import org.descry.job.SelectBy;
import org.descry.job.Settings;
import org.descry.job.TrainingSettings;
import org.descry.train.Training;
import org.descry.train.Training.Options;
import org.descry.train.Training.Start;
import org.descry.train.TrainingProgress;
import org.descry.train.TrainingStoppedException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;

class NetworkTrainingTest {
  private static final Options NEW = new Options(Start.NEW, null, false);

  @TempDir private Path dir;

  @BeforeAll
  static void engine() {
    Engine.start();
  }

  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Nesterovs(0.1, 0.9))
                .l2(0.01)
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "hidden",
                    new DenseLayer.Builder().nIn(3).nOut(5).activation(Activation.TANH).build(),
                    "in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder().nIn(5).nOut(2).activation(Activation.SOFTMAX).build(),
                    "hidden")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }

  /** 5 batches of 4 rows and one of 2. */
  private static DataSetIterator rows(long seed) {
    INDArray x = Nd4j.rand(Nd4j.getRandomFactory().getNewRandomInstance(seed), 22, 3);
    List<DataSet> rows = new ArrayList<>();
    for (int i = 0; i < 22; i++) {
      INDArray row = x.getRow(i, true);
      rows.add(new DataSet(row, Nd4j.zeros(1, 2).putScalar(0, row.getFloat(0) > 0.5 ? 1 : 0, 1)));
    }
    return new ListDataSetIterator<>(rows, 4);
  }

  private Settings<NetworkJob> job(String name, Settings<TrainingSettings> training) {
    return Settings.of(NetworkJob.class)
        .with(NetworkJob::name, name)
        .with(NetworkJob::training, training)
        .with(
            NetworkJob::output,
            Settings.of(OutputSettings.class).with(OutputSettings::dir, dir.toString()));
  }

  private static Settings<TrainingSettings> epochs(int count) {
    return Settings.of(TrainingSettings.class).with(TrainingSettings::epochs, count);
  }

  private Training training(String name, ComputationGraph network, Options options) {
    return NetworkTraining.of(job(name, epochs(3)).build(), network)
        .train(rows(1))
        .validation(rows(2))
        .score("sum", asked -> asked.params().sumNumber().doubleValue())
        .training(options, TrainingProgress.NONE);
  }

  /** Hears of steps and epochs. */
  private static final class Ears extends BaseTrainingListener {
    private final List<String> heard = new ArrayList<>();

    @Override
    public void onEpochStart(Model model) {
      heard.add("start");
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      heard.add("step");
    }

    @Override
    public void onEpochEnd(Model model) {
      heard.add("end");
    }
  }

  @Test
  void trainsAsDl4jDoesAndLeavesARun() throws IOException {
    ComputationGraph network = network();
    Ears ears = new Ears();
    network.setListeners(ears);
    Training training = training("run", network, NEW);
    training.run();
    ComputationGraph fitted = network();
    for (int epoch = 0; epoch < 3; epoch++) {
      fitted.fit(rows(1));
    }
    assertThat(network.params().equalsWithEps(fitted.params(), 1e-5)).isTrue();
    List<String> epoch = List.of("start", "step", "step", "step", "step", "step", "step", "end");
    assertThat(ears.heard).hasSize(24).startsWith(epoch.toArray(String[]::new));
    for (String file :
        List.of("job.yaml", "metrics.jsonl", "summary.json", "report.html", "model.zip")) {
      assertThat(training.folder().resolve(file)).exists();
    }
    ComputationGraph best =
        ComputationGraph.load(training.folder().resolve("model.zip").toFile(), true);
    assertThat(best.params().length()).isEqualTo(network.params().length());
    assertThat(Files.readString(training.folder().resolve("metrics.jsonl"))).contains("\"sum\"");
  }

  @Test
  void theLossIsTheMeanOfTheExamplesWithoutThePenalty() {
    ComputationGraph network = network();
    Training training = training("loss", network, NEW);
    double loss = training.run().validationLoss();
    DataSet all = DataSet.merge(asList(rows(2)));
    double expected = network.scoreExamples(all, false).meanNumber().doubleValue();
    assertThat(loss).isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-5));
  }

  private static List<DataSet> asList(DataSetIterator rows) {
    List<DataSet> all = new ArrayList<>();
    rows.forEachRemaining(all::add);
    return all;
  }

  @Test
  void goesOnInTheMiddleOfAnEpochToTheSameBits() {
    ComputationGraph whole = network();
    training("whole", whole, NEW).run();
    ComputationGraph stopped = network();
    AtomicReference<Training> first = new AtomicReference<>();
    stopped.setListeners(
        new BaseTrainingListener() {
          @Override
          public void iterationDone(Model model, int iteration, int epoch) {
            if (epoch == 1 && iteration == 9) {
              first.get().stop();
            }
          }
        });
    first.set(training("parts", stopped, NEW));
    assertThatThrownBy(() -> first.get().run()).isInstanceOf(TrainingStoppedException.class);
    ComputationGraph resumed = network();
    training("parts", resumed, new Options(Start.RESUME, null, false)).run();
    assertThat(resumed.params()).isEqualTo(whole.params());
  }

  @Test
  void refusesWhatTheNetworkSaysItself() {
    assertThatThrownBy(
            () ->
                job(
                        "no",
                        epochs(1)
                            .with(
                                TrainingSettings::optimizer,
                                Settings.of(Adam.class).with(Adam::learningRate, 0.1)))
                    .build())
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("training.optimizer is ")
        .hasMessageContaining("expected none with a network of one's own");
    assertThatThrownBy(
            () -> job("no", epochs(1).with(TrainingSettings::selectBy, SelectBy.ACCURACY)).build())
        .hasMessageContaining("training.selectBy is accuracy, but expected loss");
    assertThatThrownBy(() -> job("a/b", epochs(0)).build())
        .hasMessageContaining("name is \"a/b\", but expected")
        .hasMessageContaining("training.epochs is 0, but expected");
  }

  @Test
  void refusesIteratorsThatDoNotServe() {
    NetworkTraining empty =
        NetworkTraining.of(job("empty", epochs(1)).build(), network())
            .train(new ListDataSetIterator<>(List.of(), 4))
            .validation(rows(1));
    assertThatThrownBy(() -> empty.training(NEW, TrainingProgress.NONE).run())
        .isInstanceOf(DataException.class)
        .hasMessage("The iterator of the training part has no batch; expected at least one.");
    DataSetIterator once =
        new ListDataSetIterator<>(asList(rows(1)), 4) {
          @Override
          public boolean resetSupported() {
            return false;
          }
        };
    NetworkTraining single =
        NetworkTraining.of(job("once", epochs(1)).build(), network()).train(once).validation(once);
    assertThatThrownBy(() -> single.training(NEW, TrainingProgress.NONE).run())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("cannot be reset");
  }

  @Test
  void anIteratorThatFailsEndsTheTraining() {
    DataSetIterator failing =
        new ListDataSetIterator<>(asList(rows(1)), 4) {
          private int asked;

          @Override
          public DataSet next(int rows) {
            if (++asked > 3) {
              throw new NoSuchElementException("the fourth");
            }
            return super.next(rows);
          }
        };
    Training training =
        NetworkTraining.of(job("failing", epochs(2)).build(), network())
            .train(failing)
            .validation(rows(1))
            .training(NEW, TrainingProgress.NONE);
    assertThatThrownBy(training::run).hasMessage("the fourth");
  }

  @Test
  void theCommandsSayThatTheyDoNotKnowIt() {
    Training training = training("mine", network(), NEW);
    training.run();
    Path model = training.folder().resolve("model.zip");
    assertThatThrownBy(() -> Descry.open(model))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(model + ": ")
        .hasMessageContaining("expected");
  }
}
