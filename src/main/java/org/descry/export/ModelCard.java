package org.descry.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.io.Versions;

/**
 * The page that goes with an exported model, as Markdown: what it is, how it is used, where it
 * comes from and how far it can be trusted, below a header in YAML that model hubs read. Equal
 * exports have equal cards.
 */
final class ModelCard {
  /** What every card says. */
  static final String MARK = "Written by Descry";

  private final ModelArchive model;
  private final Format format;
  private final Export.Told told;
  private final List<String> sections = new ArrayList<>();

  private ModelCard(ModelArchive model, Format format, Export.Told told) {
    this.model = model;
    this.format = format;
    this.told = told;
  }

  /**
   * @param told what the model does not know of itself
   * @param file that the card goes with
   * @param files the model's files, that one among them
   * @param usage how they are used, see {@link Exporter#usage}
   * @param verification how the files compare with the original
   * @throws IOException if a file cannot be read
   */
  static String of(
      ModelArchive model,
      Format format,
      Export.Told told,
      Path file,
      List<Path> files,
      String usage,
      Verification verification)
      throws IOException {
    return new ModelCard(model, format, told).text(file, files, usage, verification);
  }

  private String text(Path file, List<Path> files, String usage, Verification verification)
      throws IOException {
    Manifest manifest = model.manifest();
    CardFacts facts = new CardFacts(manifest);
    sections.add(CardHeader.of(manifest, format, told));
    sections.add("# " + manifest.provenance().job().path("name").asText());
    if (files.size() > 1) {
      sections.add(
          "The card of `%s`, one of the model's %s files."
              .formatted(file.getFileName(), files.size()));
    }
    sections.add(
        "%s It has %s parameters, in the format `%s`."
            .formatted(facts.purpose(), number(model.network().numParams()), format));
    section(
        "Files",
        table(files),
        ("%s. " + MARK + " %s for Deeplearning4j and ND4J %s, on Java 17 or newer.")
            .formatted(verification, Versions.descry(), Versions.dl4j()));
    section("Use", usage.strip());
    section("Intended use", facts.intendedUse());
    section(facts.namesTitle(), facts.names());
    section("Training", facts.training(), "```yaml\n" + facts.job().strip() + "\n```");
    if (!told.test().isEmpty()) {
      Table table = new Table("metric", "value");
      told.test().forEach((name, value) -> table.row(name, CardFacts.rounded(value)));
      section(
          "Test", "As `descry evaluate` measures the model on the test part of its data.", table);
    }
    section("Metrics", facts.metricsOf(), facts.metrics());
    section("Limits", facts.limits());
    if (told.license() != null) {
      section(
          "Licence",
          "The model is under the licence that SPDX calls `%s`.".formatted(told.license()));
    }
    return String.join("\n\n", sections) + "\n";
  }

  private void section(String title, Object... paragraphs) {
    sections.add("## " + title);
    for (Object paragraph : paragraphs) {
      sections.add(paragraph.toString());
    }
  }

  private static Table table(List<Path> files) throws IOException {
    Table table = new Table("file", "bytes", "SHA-256");
    for (Path file : files) {
      byte[] content = Files.readAllBytes(file);
      table.row(
          "`%s`".formatted(file.getFileName()),
          number(content.length),
          "`%s`".formatted(ModelArchive.sha256(content)));
    }
    return table;
  }

  /** With commas between the thousands. */
  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
