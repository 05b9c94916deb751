package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import java.util.regex.Pattern;
import org.descry.job.schema.Key;

/** A training job with every default filled in: what {@link JobFile#job} makes of a file. */
@JsonClassDescription("A Descry training job.")
public record Job(
    @Key(value = NAME, pattern = NAME_PATTERN, required = true) String name,
    @Key(value = SEED, standard = "1", range = SEED_RANGE) long seed,
    @Key(value = "The network.", required = true) ModelSettings model,
    @Key(value = "Where the examples come from.", required = true) DataSettings data,
    @Key(value = "How the network is trained.", standard = "{}") TrainingSettings training,
    @Key("How a captioner finds its words when it is tested and used; captioners only.")
        DecodingSettings decoding,
    @Key(value = "Where the results go.", standard = "{}") OutputSettings output) {

  /** Largest seed that survives a trip through JavaScript's numbers, as JSON tools have them. */
  static final long MAX_SEED = (1L << 53) - 1;

  static final String NAME =
      "Name of the job and of its folder under output.dir: letters, digits, '.', '_', '-'.";

  static final String NAME_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?![\\s\\S])";

  static final String SEED =
      "Seed of every random choice: initial weights, order, augmentation, dropout.";

  static final String SEED_RANGE = "[" + -MAX_SEED + ", " + MAX_SEED + "]";

  private static final Pattern RESERVED =
      Pattern.compile("(?i)(con|prn|aux|nul|(com|lpt)[0-9])([.].*)?|.*[.]");

  /** Fills in what depends on the kind of job and checks what spans sections. */
  public Job {
    if (RESERVED.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name is %s, but expected a name that Windows can give to a folder".formatted(name));
    }
    if (training != null && training.selectBy() == null) {
      training = training.withSelectBy(Mismatch.partners(model.getClass()).selectBy()[0]);
    }
    if (training != null && training.labelSmoothing() > 0 && !model.smoothsLabels()) {
      throw new IllegalArgumentException(
          "training.labelSmoothing is %s, but expected 0 without a classifier's softmax loss"
              .formatted(training.labelSmoothing()));
    }
    if (training != null && training.balanceClasses() && !model.weighsClasses()) {
      throw new IllegalArgumentException(
          "training.balanceClasses is true, but expected so only with a classifier");
    }
    if (training != null && !training.classWeights().isEmpty() && !model.weighsClasses()) {
      throw new IllegalArgumentException(
          "training.classWeights names %s, but expected no class without a classifier of images"
              .formatted(String.join(", ", training.classWeights().keySet())));
    }
    if (decoding != null && !model.decodes()) {
      throw new IllegalArgumentException("decoding is given, but expected only with a captioner");
    }
    if (decoding == null && model.decodes()) {
      decoding = DecodingSettings.USUAL;
    }
    model.check(data, training);
  }
}
