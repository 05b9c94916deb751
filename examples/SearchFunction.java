import org.descry.Descry;
import org.descry.job.JobFile;
import org.descry.sweep.function.FunctionSearch;
import org.descry.train.Summary;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;

/**
 * Searches a function of the program, which is any code that gives a number for some values: here
 * it trains a job with them and gives its validation loss.
 *
 * <p>Arguments: the folder for runs, and the number of candidates.
 */
public class SearchFunction {
  private static final String JOB =
      """
      name: tried
      model: {type: three-layer-convnet, filters: 4, filterSize: 3, weightScale: 0.05}
      data: {source: shapes, train: 200, validation: 100, test: 10}
      training: {epochs: 2, batchSize: 50, optimizer: {type: adam}}
      """;

  public static void main(String[] args) {
    JobFile job = JobFile.parse("the job", JOB).set("output.dir=" + args[0]);
    FunctionSearch.Result result =
        FunctionSearch.minimize()
            .logUniform("training.optimizer.learningRate", 1e-4, 1e-1)
            .whole("model.hidden", 8, 64)
            .run(Integer.parseInt(args[1]), values -> loss(values.in(job)));
    result.trials().forEach(trial -> System.out.println(trial.score() + " " + trial.values()));
    System.out.println("best: " + result.best().values().number("model.hidden"));
  }

  /** Each training takes the place of the one before. */
  private static double loss(JobFile job) {
    Training training =
        Descry.training(job.job(), new Training.Options(true, false), TrainingProgress.NONE);
    Summary summary = training.run();
    return summary.validationLoss();
  }
}
