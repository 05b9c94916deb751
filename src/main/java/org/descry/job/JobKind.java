package org.descry.job;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of job: which data goes with which model, and what the best epoch is chosen by. */
public enum JobKind {
  /** Tells classes of pictures apart. */
  CLASSIFIER(ClassifierSettings.class, ImageDataSettings.class, SelectBy.ACCURACY, SelectBy.LOSS),
  /** Says what is on a picture. */
  CAPTIONER(
      CaptionerSettings.class,
      CaptionDataSettings.class,
      SelectBy.BLEU4,
      SelectBy.CIDER,
      SelectBy.LOSS),
  /** Predicts each word or character of a text from those before it. */
  LANGUAGE_MODEL(LanguageSettings.class, TextDataSettings.class, SelectBy.LOSS);

  private final Class<? extends ModelSettings> model;
  private final Class<? extends DataSettings> data;
  private final List<SelectBy> selections;

  /**
   * @param selections what the best epoch can be chosen by, the usual first
   */
  JobKind(
      Class<? extends ModelSettings> model,
      Class<? extends DataSettings> data,
      SelectBy... selections) {
    this.model = model;
    this.data = data;
    this.selections = List.of(selections);
  }

  /** The kind of the jobs with this model. */
  public static JobKind of(ModelSettings model) {
    return Arrays.stream(values()).filter(kind -> kind.model.isInstance(model)).findFirst().get();
  }

  SelectBy usualSelection() {
    return selections.get(0);
  }

  /** A setting that does not go with the model, and what would. */
  record Misfit(String path, List<String> expected) {}

  /** The settings of a job's tree that do not go with its model; none where that is unknown. */
  static List<Misfit> misfits(JsonNode job) {
    String type = job.at("/model/type").asText();
    Optional<JobKind> kind =
        Arrays.stream(values())
            .filter(k -> names(ModelSettings.class, k.model).contains(type))
            .findFirst();
    List<Misfit> misfits = new ArrayList<>();
    kind.ifPresent(
        k -> {
          check(
              job,
              "data.source",
              names(DataSettings.class, DataSettings.class),
              names(DataSettings.class, k.data),
              misfits);
          check(
              job,
              "training.selectBy",
              names(List.of(SelectBy.values())),
              names(k.selections),
              misfits);
        });
    return misfits;
  }

  /** A value that no kind of job knows is a mistake of its own, and no misfit. */
  private static void check(
      JsonNode job, String path, List<String> known, List<String> expected, List<Misfit> misfits) {
    String value = job.at("/" + path.replace('.', '/')).asText();
    if (known.contains(value) && !expected.contains(value)) {
      misfits.add(new Misfit(path, expected));
    }
  }

  private static List<String> names(Class<?> settings, Class<?> kind) {
    return Arrays.stream(settings.getAnnotation(JsonSubTypes.class).value())
        .filter(type -> kind.isAssignableFrom(type.value()))
        .map(JsonSubTypes.Type::name)
        .toList();
  }

  private static List<String> names(List<SelectBy> selections) {
    return selections.stream().map(s -> s.name().toLowerCase(Locale.ROOT)).toList();
  }
}
