import java.nio.file.Path;
import org.descry.Descry;
import org.descry.job.JobFile;
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
  private static final String JOB =
      """
      name: shapes-from-java
      model: {type: three-layer-convnet, filters: 16, filterSize: 5, hidden: 64, weightScale: 0.05}
      data: {source: shapes, train: 2000, validation: 500, test: 500}
      training: {epochs: 3, optimizer: {type: adam, learningRate: 0.002}}
      """;

  public static void main(String[] args) {
    JobFile file = JobFile.parse("the job", JOB).set("output.dir=" + args[0]);
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
    System.out.println(model.evaluate().facts());
  }
}
