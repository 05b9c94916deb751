import java.nio.file.Path;
import org.descry.Descry;
import org.descry.job.ClassifierSettings.ThreeLayer;
import org.descry.job.ImageDataSettings.BuiltInShapes;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.job.OptimizerSettings.Adam;
import org.descry.job.OutputSettings;
import org.descry.job.Settings;
import org.descry.job.TrainingSettings;
import org.descry.kind.TrainedModel;
import org.descry.metrics.EpochMetrics;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;

/**
 * Trains a job that stands in the program, watches it, and measures the model that comes of it.
 *
 * <p>Arguments: the folder for runs, and any number of KEY=VALUE that change the job.
 */
public class TrainFromJava {
  /** What is not named here is what it would be in a job file that does not name it. */
  private static Job job(String runs) {
    return Settings.of(Job.class)
        .with(Job::name, "shapes-from-java")
        .with(
            Job::model,
            Settings.of(ThreeLayer.class)
                .with(ThreeLayer::filters, 16)
                .with(ThreeLayer::filterSize, 5)
                .with(ThreeLayer::hidden, 64)
                .with(ThreeLayer::weightScale, 0.05))
        .with(
            Job::data,
            Settings.of(BuiltInShapes.class)
                .with(BuiltInShapes::train, 2000)
                .with(BuiltInShapes::validation, 500)
                .with(BuiltInShapes::test, 500))
        .with(
            Job::training,
            Settings.of(TrainingSettings.class)
                .with(TrainingSettings::epochs, 3)
                .with(
                    TrainingSettings::optimizer,
                    Settings.of(Adam.class).with(Adam::learningRate, 0.002)))
        .with(Job::output, Settings.of(OutputSettings.class).with(OutputSettings::dir, runs))
        .build();
  }

  public static void main(String[] args) {
    JobFile file = JobFile.of("the job", JobFile.tree(job(args[0])));
    for (int i = 1; i < args.length; i++) {
      file = file.set(args[i]);
    }
    TrainingProgress console =
        new TrainingProgress() {
          @Override
          public void epoch(EpochMetrics metrics, boolean best) {
            System.out.printf("epoch %d: loss %.3f%n", metrics.epoch(), metrics.trainLoss());
          }
        };
    Training training = Descry.training(file.job(), new Training.Options(false, false), console);
    training.run(); // another thread may call training.stop()
    Path zip = training.folder().resolve(Training.MODEL);
    TrainedModel model = Descry.open(zip);
    System.out.println(model.evaluate().measures());
  }
}
