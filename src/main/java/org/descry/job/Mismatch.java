package org.descry.job;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A setting that does not go with a job's model.
 *
 * @param expected what would
 */
record Mismatch(String path, List<String> expected) {
  /** What the models of this class go with. */
  static GoesWith partners(Class<?> model) {
    GoesWith own = model.getAnnotation(GoesWith.class);
    return own != null
        ? own
        : Arrays.stream(model.getInterfaces())
            .map(type -> type.getAnnotation(GoesWith.class))
            .findFirst()
            .orElseThrow();
  }

  /** The settings of a job's tree that do not go with its model; none where that is unknown. */
  static List<Mismatch> of(JsonNode job) {
    String type = job.at("/model/type").asText();
    List<Mismatch> mismatches = new ArrayList<>();
    for (JsonSubTypes.Type model : subtypes(ModelSettings.class)) {
      if (model.name().equals(type)) {
        GoesWith partners = partners(model.value());
        check(job, "data.source", names(DataSettings.class), names(partners.data()), mismatches);
        check(
            job,
            "training.selectBy",
            names(SelectBy.values()),
            names(partners.selectBy()),
            mismatches);
      }
    }
    return mismatches;
  }

  /** A value that no job knows is a mistake of its own, and no mismatch. */
  private static void check(
      JsonNode job,
      String path,
      List<String> known,
      List<String> expected,
      List<Mismatch> mismatches) {
    String value = job.at("/" + path.replace('.', '/')).asText();
    if (known.contains(value) && !expected.contains(value)) {
      mismatches.add(new Mismatch(path, expected));
    }
  }

  private static JsonSubTypes.Type[] subtypes(Class<?> settings) {
    return settings.getAnnotation(JsonSubTypes.class).value();
  }

  private static List<String> names(Class<? extends DataSettings> data) {
    return Arrays.stream(subtypes(DataSettings.class))
        .filter(type -> data.isAssignableFrom(type.value()))
        .map(JsonSubTypes.Type::name)
        .toList();
  }

  private static List<String> names(SelectBy[] selections) {
    return Arrays.stream(selections).map(s -> s.name().toLowerCase(Locale.ROOT)).toList();
  }
}
