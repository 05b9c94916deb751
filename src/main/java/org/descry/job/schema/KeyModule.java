package org.descry.job.schema;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.ConfigFunction;
import com.github.victools.jsonschema.generator.CustomPropertyDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Module;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets the schema's generator read {@link Key}. */
final class KeyModule implements Module {
  private static final Pattern RANGE = Pattern.compile("([\\[(])(\\S+), (\\S+)([\\])])");

  @Override
  public void applyToConfigBuilder(SchemaGeneratorConfigBuilder builder) {
    builder
        .forFields()
        .withDescriptionResolver(text(Key::value))
        .withDefaultResolver(
            field ->
                key(field, Key::standard)
                    .map(standard -> Yaml.parse(field.getName(), standard))
                    .orElse(null))
        .withStringPatternResolver(text(Key::pattern))
        .withRequiredCheck(
            field -> Optional.ofNullable(annotation(field)).map(Key::required).orElse(false))
        .withNumberInclusiveMinimumResolver(bound(1, "["))
        .withNumberExclusiveMinimumResolver(bound(1, "("))
        .withNumberInclusiveMaximumResolver(bound(4, "]"))
        .withNumberExclusiveMaximumResolver(bound(4, ")"))
        .withCustomDefinitionProvider(KeyModule::single)
        .withInstanceAttributeOverride(KeyModule::addLengths);
  }

  private static Key annotation(FieldScope field) {
    return field.isFakeContainerItemScope() ? null : field.getAnnotation(Key.class);
  }

  private static Optional<String> key(FieldScope field, Function<Key, String> part) {
    return Optional.ofNullable(annotation(field)).map(part).filter(text -> !text.isEmpty());
  }

  private static ConfigFunction<FieldScope, String> text(Function<Key, String> part) {
    return field -> key(field, part).orElse(null);
  }

  /** A bound of numbers, if its bracket is the one asked for: group 1 or 4 of the range. */
  private static ConfigFunction<FieldScope, BigDecimal> bound(int bracket, String wanted) {
    return field -> {
      boolean element = field.isFakeContainerItemScope();
      Key key = field.getAnnotation(Key.class);
      if (key == null || !(element || isNumber(field))) {
        return null;
      }
      return range(element ? key.each() : key.range())
          .filter(range -> range.group(bracket).equals(wanted))
          .map(range -> range.group(bracket == 1 ? 2 : 3))
          .filter(bound -> !bound.equals("inf"))
          .map(BigDecimal::new)
          .orElse(null);
    };
  }

  private static boolean isNumber(FieldScope field) {
    Class<?> type = field.getType().getErasedType();
    return type.isPrimitive() || Number.class.isAssignableFrom(type) || type == NumberOrWord.class;
  }

  private static void addLengths(
      ObjectNode schema, FieldScope field, SchemaGenerationContext context) {
    if (isNumber(field) || field.isFakeContainerItemScope()) {
      return;
    }
    String of =
        field.isContainerType()
            ? "Items"
            : Map.class.isAssignableFrom(field.getType().getErasedType()) ? "Properties" : "Length";
    key(field, Key::range)
        .flatMap(KeyModule::range)
        .ifPresent(
            range -> {
              schema.put("min" + of, Integer.parseInt(range.group(2)));
              if (!range.group(3).equals("inf")) {
                schema.put("max" + of, Integer.parseInt(range.group(3)));
              }
            });
  }

  /** A list of one may be its element alone, where Jackson is told to take that. */
  private static CustomPropertyDefinition single(
      FieldScope field, SchemaGenerationContext context) {
    JsonFormat format =
        field.isFakeContainerItemScope() ? null : field.getAnnotation(JsonFormat.class);
    if (format == null
        || !List.of(format.with()).contains(JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)) {
      return null;
    }
    ObjectNode schema = context.createStandardDefinition(field.getType(), null);
    JsonNode list = schema.path("type");
    schema.putArray("type").add(list).add(schema.path("items").path("type"));
    return new CustomPropertyDefinition(schema);
  }

  private static Optional<Matcher> range(String written) {
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Matcher range = RANGE.matcher(written);
    if (!range.matches()) {
      throw new IllegalStateException("expected a range such as [0, 1), got " + written);
    }
    return Optional.of(range);
  }
}
