package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.descry.UsageException;
import org.descry.io.Json;
import org.descry.job.JobFile;
import org.descry.job.schema.KeyPath;
import org.descry.sweep.report.SweepReport;
import org.descry.sweep.trial.Candidate;

/** The best candidates of a sweep once more, as a sweep of its own: longer, with other seeds. */
final class Retraining {
  private static final int TIMES_THE_EPOCHS = 3;
  private static final int SEEDS = 3;
  private static final String ENDING = "-top";

  private Retraining() {}

  /**
   * A sweep that tries the best candidates of an earlier one and no others.
   *
   * @param folder of the earlier sweep
   * @param count of candidates, or as many as there are
   * @param assignments {@code key.path=value}, over what it would do by itself
   * @throws org.descry.DescryException if there is no such sweep, or none of its candidates has a
   *     score
   */
  static SweepPlan plan(Path folder, int count, List<String> assignments) {
    List<Candidate> best =
        SweepReport.read(folder).ranked().stream().filter(Candidate::scored).limit(count).toList();
    if (best.isEmpty()) {
      throw new UsageException(
          folder + ": none of its candidates has a score; expected a sweep with one that has.");
    }
    String source = folder.resolve(Journal.NAME).toString();
    JobFile file = job(folder, source);
    ArrayNode enqueue = Json.MAPPER.createArrayNode();
    best.forEach(candidate -> enqueue.add(Json.MAPPER.valueToTree(candidate.settings())));
    file = file.set("enqueue", enqueue, source);
    ObjectNode budget = Json.MAPPER.createObjectNode().put("candidates", best.size());
    file = file.set("budget", budget, source).set(assignments);
    return SweepFile.plan(source, file);
  }

  private static JobFile job(Path folder, String source) {
    JsonNode sweep;
    try (Journal read = Journal.read(folder.resolve(Journal.NAME))) {
      sweep = read.sweep();
    }
    // As it was found: the sweep file's folder is forgotten.
    JobFile best = JobFile.read(folder.resolve(BestModel.JOB));
    ObjectNode search = sweep.path("search").deepCopy();
    search.forEach(space -> ((ObjectNode) space).properties().removeIf(e -> e.getValue().isNull()));
    List<String> keys =
        search.properties().stream()
            .map(Map.Entry::getKey)
            .sorted(Comparator.comparing(key -> !best.namesKind(key))) // then what the kind has
            .toList();
    JobFile file = best;
    for (String key : keys) {
      JsonNode own = KeyPath.at(sweep, key);
      if (!own.isMissingNode()) { // what candidates without the setting have
        file = file.choose(key, own, source);
      }
    }
    String several = sweep.has("objectives") ? "objectives" : "objective";
    int epochs = sweep.path("training").path("epochs").asInt();
    return file.set("search", search, source)
        .set(several, sweep.get(several), source)
        .set("workers", sweep.get("workers"), source)
        .set("threads", sweep.get("threads"), source)
        .set("name=" + Json.line(BestModel.named(sweep.path("name").asText(), ENDING)))
        .set("seed=" + (sweep.path("seed").asLong() + 1))
        .set("repeats=" + SEEDS)
        .set("training.epochs=" + TIMES_THE_EPOCHS * epochs);
  }
}
