package org.descry.archive;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.descry.DescryException;
import org.descry.io.Json;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A network's configuration as JSON that may come from anybody: read strictly, looked through, and
 * only then handed to DL4J, written anew from what was read, so that both read the same.
 */
final class NetworkJson {
  private static final ObjectReader STRICT =
      Json.MAPPER
          .reader()
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** More than any network that fits into memory has, and few enough to walk through at once. */
  private static final int MOST_VERTICES = 1000;

  private static final int MOST_LAYERS = 1000;

  /** The properties by which DL4J tells classes. */
  private static final Set<String> TYPES = Set.of("@class", "type");

  /** The objects whose keys are names of vertices. */
  private static final Set<String> OF_VERTICES = Set.of("vertices", "vertexInputs");

  /** The lists of names; all others hold objects or numbers. */
  private static final Set<String> NAMES =
      Set.of(
          "fixed", "inputs", "networkInputs", "networkOutputs", "topologicalOrderStr", "variables");

  private final Path file;
  private final KnownTypes types;
  private final JsonNode network;

  /**
   * @throws DescryException if it is no JSON of a network, names other classes than {@code types},
   *     or is too large
   */
  NetworkJson(Path file, byte[] content, KnownTypes types) {
    this.file = file;
    this.types = types;
    try {
      network = STRICT.readTree(content);
    } catch (IOException e) {
      throw unreadable(e);
    }
    JsonNode vertices = network.path("vertices");
    if (!vertices.isObject() || !network.path("vertexInputs").isObject()) {
      throw Refusal.of(
          file, "%s describes no network; expected DL4J's JSON.", EntryList.CONFIGURATION);
    }
    if (vertices.size() > MOST_VERTICES) {
      throw Refusal.of(
          file,
          "%s has %,d vertices; expected at most %,d.",
          EntryList.CONFIGURATION,
          vertices.size(),
          MOST_VERTICES);
    }
    walk("", network, false);
    requireEnds();
    requireOrder();
  }

  /** What a file of JSON may hold that cannot be read. */
  private DescryException unreadable(IOException e) {
    String found = e instanceof JsonProcessingException json ? Json.reason(json) : e.getMessage();
    return Refusal.of(
        file,
        e,
        "%s cannot be read: %s; expected JSON that DL4J wrote.",
        EntryList.CONFIGURATION,
        Refusal.quoted(found));
  }

  private void walk(String name, JsonNode node, boolean namesAllowed) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        boolean isType = TYPES.contains(field.getKey()) && !OF_VERTICES.contains(name);
        if (isType && !types.has(field.getValue().asText())) {
          throw Refusal.of(
              file,
              "%s names the class %s; expected layers, vertices and their settings alone.",
              EntryList.CONFIGURATION,
              Refusal.quoted(field.getValue().asText()));
        }
        walk(
            field.getKey(),
            field.getValue(),
            NAMES.contains(field.getKey()) || name.equals("vertexInputs"));
      }
    } else if (node.isArray()) {
      for (JsonNode element : node) {
        // DL4J's mapper also takes ["class name", {...}] for an object.
        if (element.isTextual() != namesAllowed) {
          throw Refusal.of(
              file,
              "%s has %s in the list %s; expected names in lists of names alone.",
              EntryList.CONFIGURATION,
              Refusal.quoted(element.toString()),
              Refusal.quoted(name));
        }
        walk(name, element, false);
      }
    } else if (node.isIntegralNumber() && !name.equals("seed")) {
      requireSmall(name, node);
    }
  }

  private void requireSmall(String name, JsonNode number) {
    int largest = name.equals("layers") ? MOST_LAYERS : Integer.MAX_VALUE;
    if (!number.canConvertToInt() || number.asInt() > largest) {
      throw Refusal.of(
          file,
          "%s has %s of %s; expected at most %,d.",
          EntryList.CONFIGURATION,
          Refusal.quoted(name),
          Refusal.quoted(number.asText()),
          largest);
    }
  }

  private void requireEnds() {
    JsonNode outputs = network.path("networkOutputs");
    boolean right = !network.path("networkInputs").isEmpty() && !outputs.isEmpty();
    for (JsonNode output : outputs) {
      right &= network.path("vertices").has(output.asText());
    }
    if (!right) {
      throw Refusal.of(
          file,
          "%s has networkInputs %s and networkOutputs %s; expected names, those of the outputs of"
              + " vertices.",
          EntryList.CONFIGURATION,
          Refusal.quoted(network.path("networkInputs").toString()),
          Refusal.quoted(outputs.toString()));
    }
  }

  /** The parameters lie in the order of the vertices, each of which stands behind its inputs. */
  private void requireOrder() {
    JsonNode names = network.path("topologicalOrderStr");
    JsonNode numbers = network.path("topologicalOrder");
    if (names.isMissingNode() && numbers.isMissingNode()) {
      return; // DL4J finds the order itself
    }
    Set<String> before = new HashSet<>();
    Set<Integer> indices = new HashSet<>();
    network.path("networkInputs").forEach(input -> before.add(input.asText()));
    int size = before.size() + network.path("vertices").size();
    boolean right = names.size() == size && numbers.size() == size;
    Set<String> seen = new HashSet<>();
    for (JsonNode name : names) {
      right &= seen.add(name.asText());
      if (!before.contains(name.asText())) {
        JsonNode inputs = network.path("vertexInputs").path(name.asText());
        right &= network.path("vertices").has(name.asText()) && !inputs.isEmpty();
        for (JsonNode input : inputs) {
          right &= seen.contains(input.asText());
        }
      }
    }
    for (JsonNode number : numbers) {
      right &= number.isInt() && number.asInt() >= 0 && number.asInt() < size;
      right &= indices.add(number.asInt());
    }
    if (!right) {
      throw Refusal.of(
          file,
          "%s has its vertices in an order that is none; expected each once, behind its inputs.",
          EntryList.CONFIGURATION);
    }
  }

  /** The type of the parameters: FLOAT or DOUBLE. */
  boolean isDouble() {
    String type = network.path("dataType").asText();
    if (!List.of("FLOAT", "DOUBLE").contains(type)) {
      throw Refusal.of(
          file,
          "%s has the dataType %s; expected FLOAT or DOUBLE.",
          EntryList.CONFIGURATION,
          Refusal.quoted(type));
    }
    return type.equals("DOUBLE");
  }

  /**
   * The network's configuration.
   *
   * @throws DescryException if DL4J cannot read it
   */
  ComputationGraphConfiguration read() {
    // A mapper of our own: nobody else's should refuse what this one does.
    ObjectMapper mapper = NeuralNetConfiguration.mapper().copy();
    mapper.setPolymorphicTypeValidator(types);
    try {
      return mapper.readValue(network.toString(), ComputationGraphConfiguration.class);
    } catch (org.nd4j.shade.jackson.core.JsonProcessingException e) {
      throw Refusal.of(
          file,
          e,
          "DL4J cannot read %s: %s.",
          EntryList.CONFIGURATION,
          Refusal.quoted(e.getOriginalMessage()));
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      throw Refusal.of(
          file, e, "DL4J cannot read %s: %s.", EntryList.CONFIGURATION, Refusal.quoted(e));
    }
  }
}
