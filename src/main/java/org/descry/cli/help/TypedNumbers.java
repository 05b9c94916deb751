package org.descry.cli.help;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers of command lines; what is none is told in the words of all else that is refused. */
public final class TypedNumbers {
  private TypedNumbers() {}

  /** Has a program, and all commands below it, take numbers so. */
  public static void addTo(CommandLine program) {
    ITypeConverter<Integer> whole = of(Integer::valueOf, "a whole number up to 2147483647");
    ITypeConverter<Long> large = of(Long::valueOf, "a whole number up to 9223372036854775807");
    ITypeConverter<Double> number = of(Double::valueOf, "a number");
    program
        .registerConverter(Integer.class, whole)
        .registerConverter(int.class, whole)
        .registerConverter(Long.class, large)
        .registerConverter(long.class, large)
        .registerConverter(Double.class, number)
        .registerConverter(double.class, number);
  }

  private static <T> ITypeConverter<T> of(Function<String, T> parse, String expected) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("expected %s, got '%s'".formatted(expected, text));
      }
    };
  }
}
