package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.descry.job.schema.Key;
import org.descry.job.schema.Yaml;

/** A training whose network and data a program brings; what the network says itself is not here. */
@JsonClassDescription("A training of a program's own network on its own data.")
public record NetworkJob(
    @Key(value = Job.NAME, pattern = Job.NAME_PATTERN, required = true) String name,
    @Key(value = Job.SEED, standard = "1", range = Job.SEED_RANGE) long seed,
    @Key(value = "How the network is trained.", standard = "{}") TrainingSettings training,
    @Key(value = "Where the results go.", standard = "{}") OutputSettings output) {
  /** What the network's configuration and the iterators say. */
  private static final List<String> BROUGHT =
      List.of(
          "batchSize",
          "optimizer",
          "warmUpEpochs",
          "l2",
          "gradientClipping",
          "biasRate",
          "onDivergence");

  /** Refuses what would have no effect. */
  public NetworkJob {
    JsonNode given = Yaml.MAPPER.valueToTree(training);
    JsonNode usual = Yaml.MAPPER.valueToTree(Settings.of(TrainingSettings.class).build());
    for (String key : BROUGHT) {
      if (!given.get(key).equals(usual.get(key))) {
        throw new IllegalArgumentException(
            "training.%s is %s, but expected none with a network of one's own: its configuration or its data say so"
                .formatted(key, given.get(key)));
      }
    }
    if (training.selectBy() != null && training.selectBy() != SelectBy.LOSS) {
      throw new IllegalArgumentException(
          "training.selectBy is %s, but expected loss with a network of one's own"
              .formatted(given.get("selectBy").asText()));
    }
  }

  /** As a job, whose model and data say that a program brings them. */
  public Job job() {
    return new Job(name, seed, new Model(), new Data(), training, null, output);
  }

  /** The network of a program. */
  @JsonTypeName("own")
  @GoesWith(data = Data.class, selectBy = SelectBy.LOSS)
  record Model() implements ModelSettings {}

  /** The data of a program. */
  @JsonTypeName("own")
  record Data() implements DataSettings {}
}
