package org.descry.cli;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Knows the values of an enum by the names in the documentation alone. */
abstract class ByName<E extends Enum<E>> implements ITypeConverter<E> {
  private final E[] values;

  @SafeVarargs
  ByName(E... values) {
    this.values = values;
  }

  @Override
  public final E convert(String name) {
    return Arrays.stream(values)
        .filter(value -> value.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of %s, got %s".formatted(Arrays.toString(values), name)));
  }
}
