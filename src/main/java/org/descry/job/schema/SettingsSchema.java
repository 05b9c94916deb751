package org.descry.job.schema;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinition.DefinitionType;
import com.github.victools.jsonschema.generator.CustomDefinitionProviderV2;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The JSON Schema (draft 2020-12) of settings, made of their records and those' annotations.
 *
 * <p>A sealed interface becomes an {@code if / then} per kind instead of an {@code anyOf}, so that
 * a mistake is reported against the kind that the file names and not against all of them.
 */
public final class SettingsSchema {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final JsonNode root;
  private final JsonSchema validator;

  private SettingsSchema(JsonNode root) {
    this.root = root;
    this.validator =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(root, SchemaValidatorsConfig.builder().pathType(PathType.JSON_PATH).build());
  }

  /** The schema of a record and all that it holds. */
  public static SettingsSchema of(Class<? extends Record> settings, String title) {
    return new SettingsSchema(build(settings, title));
  }

  /** The schema of objects that have the keys of both, all at the top. */
  public SettingsSchema plus(SettingsSchema other, String title) {
    ObjectNode both = root.deepCopy();
    both.put("title", title);
    for (String part : List.of("$defs", "properties")) {
      both.withObject("/" + part).setAll((ObjectNode) other.root.withObject("/" + part).deepCopy());
    }
    both.withArray("/required").addAll((ArrayNode) other.root.withArray("/required"));
    return new SettingsSchema(both);
  }

  /** The schema as JSON text, as it is committed. */
  public String text() {
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public JsonNode root() {
    return root;
  }

  /** The keys at the top. */
  public Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    root.path("properties").fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  public Set<ValidationMessage> validate(JsonNode settings) {
    return validator.validate(settings);
  }

  /**
   * The part of the schema that describes an object: references followed, and of the kinds the one
   * that the object names. Where it names none, what all kinds have in common.
   */
  public JsonNode describe(JsonNode schema, JsonNode value) {
    JsonNode here = follow(schema);
    for (JsonNode kind : here.path("allOf")) {
      var condition = kind.at("/if/properties").properties().iterator().next();
      if (value.path(condition.getKey()).equals(condition.getValue().path("const"))) {
        return follow(kind.path("then"));
      }
    }
    return here;
  }

  /**
   * The part of the schema that describes a value's member; missing where it knows none.
   *
   * @param key of a section; a list's elements are all alike
   */
  public JsonNode member(JsonNode schema, JsonNode value, String key) {
    JsonNode described = describe(schema, value);
    if (value.isArray()) {
      return described.path("items");
    }
    JsonNode known = described.path("properties").path(key);
    return known.isMissingNode() ? described.path("additionalProperties") : known;
  }

  /** The key by which a section says of which kind it is; null for a section of one kind. */
  public String kindKey(JsonNode schema) {
    JsonNode condition = follow(schema).at("/allOf/0/if/properties");
    return condition.isEmpty() ? null : condition.fieldNames().next();
  }

  private JsonNode follow(JsonNode schema) {
    JsonNode here = schema;
    while (here.has("$ref")) {
      here = root.at(here.get("$ref").asText().substring(1));
    }
    return here;
  }

  private static JsonNode build(Class<? extends Record> settings, String title) {
    var builder =
        new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT)
            .with(Option.PLAIN_DEFINITION_KEYS)
            .with(Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
            .without(Option.FLATTENED_ENUMS)
            .with(
                new JacksonModule(
                    JacksonOption.SKIP_SUBTYPE_LOOKUP, JacksonOption.IGNORE_TYPE_INFO_TRANSFORM))
            .with(new KeyModule());
    builder
        .forTypesInGeneral()
        .withPropertySorter((a, b) -> 0) // as declared
        .withCustomDefinitionProvider(SettingsSchema::valueDefinition)
        .withCustomDefinitionProvider(new Kinds());
    ObjectNode schema = new SchemaGenerator(builder.build()).generateSchema(settings);
    schema.put("title", title);
    return plain(schema);
  }

  /**
   * The generator leaves defaults in the tree as Java objects where a reader wants JSON values, and
   * wraps a reference with a description of its own in an allOf, which 2020-12 does not need.
   */
  private static JsonNode plain(JsonNode schema) {
    try {
      JsonNode plain = JSON.readTree(JSON.writeValueAsString(schema));
      unwrap(plain);
      return plain;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void unwrap(JsonNode here) {
    JsonNode parts = here.path("allOf");
    if (here instanceof ObjectNode schema && parts.isArray() && !parts.path(0).has("if")) {
      schema.remove("allOf");
      parts.forEach(part -> schema.setAll((ObjectNode) part));
    }
    here.forEach(SettingsSchema::unwrap);
  }

  private static CustomDefinition valueDefinition(
      ResolvedType type, SchemaGenerationContext context) {
    if (type.getErasedType() == FilePath.class) {
      return new CustomDefinition(
          JSON.createObjectNode().put("type", "string").put("minLength", 1), true);
    }
    if (type.getErasedType() == NumberOrWord.class) {
      ObjectNode either = JSON.createObjectNode();
      either.putArray("type").add("integer").add("string");
      return new CustomDefinition(either, true);
    }
    Object[] constants = type.getErasedType().getEnumConstants();
    if (constants == null) {
      return null;
    }
    ObjectNode node = JSON.createObjectNode().put("type", "string");
    ArrayNode names = node.putArray("enum");
    for (Object constant : constants) {
      names.add(Yaml.MAPPER.valueToTree(constant).textValue());
    }
    return new CustomDefinition(node, true);
  }

  /** Describes an interface by its kinds, told apart by the property that names them. */
  private static final class Kinds implements CustomDefinitionProviderV2 {
    @Override
    public CustomDefinition provideCustomSchemaDefinition(
        ResolvedType type, SchemaGenerationContext context) {
      JsonTypeInfo info = type.getErasedType().getAnnotation(JsonTypeInfo.class);
      if (info == null || !type.isInterface()) {
        return null;
      }
      ObjectNode node = JSON.createObjectNode().put("type", "object");
      ObjectNode names = node.putObject("properties").putObject(info.property());
      ArrayNode listed = names.put("type", "string").putArray("enum");
      node.putArray("required").add(info.property());
      ArrayNode kinds = node.putArray("allOf");
      for (var kind : type.getErasedType().getAnnotation(JsonSubTypes.class).value()) {
        listed.add(kind.name());
        ObjectNode choice = kinds.addObject();
        ObjectNode condition = choice.putObject("if");
        condition.putObject("properties").putObject(info.property()).put("const", kind.name());
        condition.putArray("required").add(info.property());
        ResolvedType subtype = context.getTypeContext().resolveSubtype(type, kind.value());
        choice.set("then", definition(subtype, info.property(), kind.name(), context));
      }
      return new CustomDefinition(
          node, DefinitionType.STANDARD, CustomDefinition.EXCLUDING_ATTRIBUTES);
    }

    /** The kind's own keys and the one that names the kind. */
    private ObjectNode definition(
        ResolvedType subtype, String property, String name, SchemaGenerationContext context) {
      ObjectNode node = context.createStandardDefinition(subtype, this);
      ObjectNode properties = JSON.createObjectNode();
      properties.putObject(property).put("const", name);
      node.path("properties")
          .properties()
          .forEach(entry -> properties.set(entry.getKey(), entry.getValue()));
      node.set("properties", properties);
      return node;
    }
  }
}
