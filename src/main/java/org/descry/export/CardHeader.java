package org.descry.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Locale;
import org.descry.archive.Manifest;
import org.descry.io.Json;
import org.descry.job.JobFile;

/**
 * What a model card begins with: YAML between two lines of dashes, with the keys that the Hugging
 * Face Hub documents for model cards.
 */
final class CardHeader {
  private CardHeader() {}

  static String of(Manifest manifest, Format format, Export.Told told) {
    String task = ExportedKind.of(manifest).facts.task();
    ObjectNode header = Json.MAPPER.createObjectNode();
    if (told.license() != null) {
      header.put("license", told.license().toLowerCase(Locale.ROOT));
    }
    header.put("library_name", format == Format.ONNX ? "onnx" : "deeplearning4j");
    header.put("pipeline_tag", task);
    header.putArray("tags").add("descry").add(format.toString()).add(manifest.kind());
    if (!told.test().isEmpty()) {
      header.set("model-index", Json.MAPPER.createArrayNode().add(results(manifest, task, told)));
    }
    return "---\n" + JobFile.yaml(header).strip() + "\n---";
  }

  private static ObjectNode results(Manifest manifest, String task, Export.Told told) {
    String source = manifest.provenance().job().at("/data/source").asText();
    ObjectNode result = Json.MAPPER.createObjectNode();
    result.putObject("task").put("type", task);
    result.putObject("dataset").put("name", source).put("type", source).put("split", "test");
    var metrics = result.putArray("metrics");
    told.test()
        .forEach(
            (name, value) -> {
              if (!Double.isFinite(value)) {
                return; // no number of JSON's
              }
              String type = name.toLowerCase(Locale.ROOT).replaceFirst("^test ", "");
              metrics
                  .addObject()
                  .put("type", type.replace(' ', '_'))
                  .put("name", name)
                  .put("value", new BigDecimal(CardFacts.rounded(value)));
            });
    ObjectNode model = Json.MAPPER.createObjectNode();
    model.put("name", manifest.provenance().job().path("name").asText());
    model.putArray("results").add(result);
    return model;
  }
}
