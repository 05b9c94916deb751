import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.Descry;
import org.descry.DescryException;
import org.descry.job.JobFile;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;

/**
 * What each ingredient does to a short training by itself: a job once as it is, then once with each
 * change, as a table in Markdown.
 *
 * <pre>
 * java -cp target/descry.jar docs/Recipes.java images
 * java -cp target/descry.jar docs/Recipes.java captions
 * </pre>
 *
 * <p>Further arguments are settings of all runs, such as {@code data.source=cifar10
 * data.path=FOLDER training.epochs=5 seed=2}. {@code CLASSIFIER} stands for a classifier of the
 * built-in shapes, which is trained before the captioners.
 */
public final class Recipes {
  private Recipes() {}

  private static final String IMAGE_TABLE = "images";

  private static final String IMAGES =
      """
      name: base
      model: {type: convnet, stages: [{filters: 32}, {filters: 64}, {filters: 64}], hidden: [128]}
      data: {source: shapes, train: 4000}
      training:
        epochs: 4
        optimizer: {type: adam, learningRate: 0.002, schedule: {type: cosine}}
      """;

  private static final String CAPTIONS =
      """
      name: base
      model:
        type: captioning-rnn
        stages: [{filters: 16, filterSize: 5}, {filters: 32}, {filters: 32}]
        embedding: 64
        hidden: 128
      data: {source: shape-captions, train: 1000, validation: 200, test: 500}
      training:
        epochs: 8
        optimizer: {type: adam, learningRate: 0.002, schedule: {type: cosine}}
        gradientClipping: {norm: 5}
        selectBy: bleu4
      """;

  /** What {@code model.initFrom} starts from: of the same stages as the captioner. */
  private static final String CLASSIFIER =
      """
      name: classifier
      model: {type: convnet, stages: [{filters: 16, filterSize: 5}, {filters: 32}, {filters: 32}]}
      data: {source: shapes, train: 4000}
      training: {epochs: 4, optimizer: {type: adam, learningRate: 0.002, schedule: {type: cosine}}}
      """;

  /** A change a line, of settings with a bar between them. */
  private static final String IMAGE_CHANGES =
      """
      seed=2
      model.batchNorm=true
      model.dropout=0.3
      model.activation=gelu
      model.activation=silu
      model.activation=leaky-relu
      model.weightInit=xavier
      model.weightInit=orthogonal
      model.weightInit=dirac
      model={type: resnet, depth: 8}
      model={type: fast, widths: [16, 32, 64]}
      data.augment.mirror=true
      data.augment.mirror=true | data.augment.alternate=true
      data.augment.shift=2
      data.augment.shift=2 | data.augment.reflect=true
      data.augment.cutout=8
      data.augment.erase=0.5
      data.augment.jitter=0.3
      data.augment.crop=0.6
      data.augment.mixup=0.2
      training.l2=1e-4
      training.labelSmoothing=0.1
      training.balanceClasses=true
      training.classWeights={cross: 4, star: 4}
      training.weightAverage=0.99
      training.lookahead={every: 5}
      training.warmUpEpochs=1
      training.gradientClipping={globalNorm: 1}
      training.precision=bfloat16
      training.optimizer.schedule={type: constant}
      training.optimizer.schedule={type: one-cycle}
      training.optimizer={type: adamw, learningRate: 0.002, schedule: {type: cosine}}
      training.optimizer={type: nesterov, learningRate: 0.02, schedule: {type: cosine}}
      training.optimizer={type: nesterov, learningRate: 0.02, schedule: {type: cosine}} | training.biasRate=8
      """;

  private static final String CAPTION_CHANGES =
      """
      seed=2
      model.rnn=lstm
      model.rnn=gru
      model.layers=2
      model.batchNorm=true
      model.attention=soft
      model.attention=soft | model.attentionPenalty=0
      model.rnn=lstm | model.attention=soft
      model.initFrom=CLASSIFIER
      model.initFrom=CLASSIFIER | model.freeze=true
      model.initFrom=CLASSIFIER | model.unfreezeAt=2
      model.tied=true | model.embedding=128
      model.embeddingDropout=0.2
      model.outputDropout=0.3
      model.scheduledSampling=0.25
      model.blind=true | model.stages=[]
      data.bucketing=true
      training.weightAverage=0.99
      training.selectBy=cider
      training.precision=bfloat16
      decoding.beam=1
      decoding.beam=5
      decoding.lengthBonus=0.5
      decoding.noRepeat=2
      """;

  private record Figure(String heading, String key, double factor) {}

  private static final List<Figure> OF_IMAGES =
      List.of(
          new Figure("test accuracy", "testAccuracy", 100),
          new Figure("test loss", "testLoss", 1),
          new Figure("seconds", "seconds", 1));

  private static final List<Figure> OF_CAPTIONS =
      List.of(
          new Figure("BLEU-4", "bleu4", 1),
          new Figure("CIDEr-D", "cider", 1),
          new Figure("perplexity", "perplexity", 1),
          new Figure("seconds", "seconds", 1));

  /** The runs of a table: settings, of which the first run has none. */
  private static List<List<String>> changes(String lines) {
    List<List<String>> changes = new ArrayList<>(List.of(List.of()));
    lines.lines().forEach(line -> changes.add(List.of(line.split(" \\| "))));
    return changes;
  }

  /** The jobs of a table, under the settings that each has beside those of all. */
  static Map<List<String>, JobFile> jobs(String what, List<String> settings) {
    boolean images = what.equals(IMAGE_TABLE);
    JobFile base = JobFile.parse("recipes", images ? IMAGES : CAPTIONS).set(settings);
    Path classifier = Path.of(base.job().output().dir(), "classifier", "model.zip");
    Map<List<String>, JobFile> jobs = new LinkedHashMap<>();
    changes(images ? IMAGE_CHANGES : CAPTION_CHANGES)
        .forEach(change -> jobs.put(change, base.set(with(classifier, change))));
    return jobs;
  }

  private static List<String> with(Path classifier, List<String> change) {
    return change.stream()
        .map(setting -> setting.replace("CLASSIFIER", "'" + classifier + "'"))
        .toList();
  }

  private static Path train(JobFile job) {
    Training training =
        Descry.training(job.job(), new Training.Options(true, false), TrainingProgress.NONE);
    training.run();
    return training.folder();
  }

  private static String row(JobFile job, List<Figure> figures) throws IOException {
    JsonNode summary = new ObjectMapper().readTree(train(job).resolve("summary.json").toFile());
    StringBuilder row = new StringBuilder();
    for (Figure figure : figures) {
      double value = figure.factor * summary.findValue(figure.key).asDouble();
      row.append(String.format(Locale.ROOT, " %.4g |", value));
    }
    return row.toString();
  }

  public static void main(String[] args) throws IOException {
    if (args.length == 0 || !List.of(IMAGE_TABLE, "captions").contains(args[0])) {
      System.err.println("expected images or captions, and then settings of all runs: KEY=VALUE");
      System.exit(2);
    }
    List<Figure> figures = args[0].equals(IMAGE_TABLE) ? OF_IMAGES : OF_CAPTIONS;
    List<String> settings = new ArrayList<>(List.of(args).subList(1, args.length));
    settings.add("output.dir=" + Files.createTempDirectory("recipes"));
    Map<List<String>, JobFile> jobs = jobs(args[0], settings);
    // A mistake is told before anything is trained.
    jobs.values().forEach(JobFile::job);
    if (!args[0].equals(IMAGE_TABLE)) {
      JobFile classifier = JobFile.parse("classifier", CLASSIFIER);
      train(classifier.set(settings.get(settings.size() - 1)));
    }
    System.out.print("| `--set` |");
    figures.forEach(figure -> System.out.print(" " + figure.heading + " |"));
    System.out.println("\n|---|" + "---:|".repeat(figures.size()));
    for (var job : jobs.entrySet()) {
      List<String> change = job.getKey();
      String name = change.isEmpty() ? "(none)" : "`" + String.join("`, `", change) + "`";
      System.out.print("| " + name + " |");
      try {
        System.out.println(row(job.getValue(), figures));
      } catch (DescryException e) {
        System.out.println(" " + e.getMessage() + " |");
      }
    }
  }
}
