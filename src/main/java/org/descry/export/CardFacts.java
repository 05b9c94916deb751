package org.descry.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.descry.archive.Manifest;
import org.descry.data.image.ChannelNormalizer;
import org.descry.job.JobFile;
import org.descry.metrics.EpochMetrics;

/** What a model's manifest tells, in sentences for its card. */
final class CardFacts {
  /** A longer list of words is cut: the model's own files hold all of it. */
  private static final int LISTED_NAMES = 200;

  private final Manifest manifest;
  private final ExportedKind kind;
  private final JsonNode job;

  CardFacts(Manifest manifest) {
    this.manifest = manifest;
    kind = ExportedKind.of(manifest);
    job = manifest.provenance().job();
  }

  /** One sentence. */
  String purpose() {
    return kind.purpose();
  }

  String namesTitle() {
    return manifest.classifies() ? "Classes" : "Vocabulary";
  }

  /** What the output's columns stand for, as a numbered list, from 0. */
  String names() {
    List<String> names = manifest.outputNames();
    String listed =
        IntStream.range(0, Math.min(names.size(), LISTED_NAMES))
            .mapToObj(i -> "%s %s".formatted(i, code(names.get(i))))
            .collect(Collectors.joining(", "));
    return names.size() > LISTED_NAMES
        ? "%s, and so on to %s; the model's file holds them all."
            .formatted(listed, names.size() - 1)
        : listed + ".";
  }

  /** As code, with signs for what would not show. */
  private static String code(String name) {
    String visible =
        name.replace(" ", "\u2423")
            .replace("\n", "\u23ce")
            .replace("\t", "\u21e5")
            .replace("\r", "\u240d");
    return visible.contains("`") ? "`` " + visible + " ``" : "`" + visible + "`";
  }

  /** From what the model comes, and with what. */
  String training() {
    List<String> sentences = new ArrayList<>();
    JsonNode data = job.path("data");
    String place =
        Stream.of("path", "captions")
            .map(key -> data.path(key).asText(""))
            .collect(Collectors.joining());
    sentences.add(
        "Trained on %s: %s."
            .formatted(
                kind.facts
                    .sources()
                    .getOrDefault(data.path("source").asText(), "data of its own")
                    .formatted(place),
                parts()));
    ChannelNormalizer normalizer = manifest.normalizer();
    if (normalizer != null) {
      sentences.add(
          "Pixels 0 to 255 were normalised by channel to `(value / 255 - mean) / std`, mean %s, std %s."
              .formatted(rounded(normalizer.mean()), rounded(normalizer.std())));
    }
    Map<String, String> versions = manifest.provenance().versions();
    sentences.add(
        "Made with Descry %s, Deeplearning4j %s and Java %s, by the job below, which `descry train` repeats."
            .formatted(versions.get("descry"), versions.get("dl4j"), versions.get("java")));
    return String.join(" ", sentences);
  }

  private String parts() {
    Map<String, Integer> sizes = manifest.provenance().data();
    return Stream.of("train", "validation", "test")
            .filter(sizes::containsKey)
            .map(part -> part + " " + ModelCard.number(sizes.get(part)))
            .collect(Collectors.joining(", "))
        + " (%s)".formatted(kind.facts.examples());
  }

  private static String rounded(List<Double> values) {
    return values.stream()
        .map(value -> String.format(Locale.ROOT, "%.6f", value))
        .collect(Collectors.joining(", "));
  }

  /** The job in YAML. */
  String job() {
    return JobFile.yaml(job);
  }

  String metricsOf() {
    return "The figures of epoch %s, from which the model is, as it was trained; `validation` figures are of the validation part."
        .formatted(manifest.provenance().metrics().epoch());
  }

  Table metrics() {
    EpochMetrics metrics = manifest.provenance().metrics();
    Table table =
        new Table("metric", "value")
            .row("trainLoss", rounded(metrics.trainLoss()))
            .row("validationLoss", rounded(metrics.validationLoss()));
    metrics.scores().forEach((name, value) -> table.row(name, rounded(value)));
    return table;
  }

  static String rounded(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** What it is good for, as far as its data tell. */
  String intendedUse() {
    String data = job.path("data").path("source").asText() + job.path("data").path("path").asText();
    String seen = kind.facts.data();
    return data.startsWith("shape") || data.contains("builtin:")
        ? "Demonstrations and tests: it was trained on made-up %s, which nothing in the world looks like."
            .formatted(seen)
        : "%s%s like those that it was trained on, prepared as they were. Measure it on data of your own before you rely on it (`descry evaluate MODEL.zip --data DATA`); it is not meant for decisions about people."
            .formatted(seen.substring(0, 1).toUpperCase(Locale.ROOT), seen.substring(1));
  }

  /** As a list. */
  String limits() {
    List<String> limits = new ArrayList<>(kind.limits());
    if (manifest.image() != null) {
      limits.add(
          "Images of another size have to be scaled to %s x %s first."
              .formatted(manifest.image().height(), manifest.image().width()));
      limits.add("The figures hold for images like those that it was trained on.");
    }
    limits.add("A loaded model answers one thread at a time.");
    return limits.stream().map(limit -> "- " + limit).collect(Collectors.joining("\n"));
  }
}
