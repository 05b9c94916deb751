package org.descry.layer.space;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.lang3.reflect.MethodUtils;

/**
 * How a layer or a vertex is made of its settings: by the methods of its {@code Builder}, or, where
 * it has none, by the parameters of its longest constructor.
 */
record Blueprint<T>(Class<T> type) {
  SortedSet<String> names() {
    return (hasBuilder() ? setters().map(Method::getName) : parameters().map(Parameter::getName))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * @throws IllegalArgumentException for a value that the setting does not take, or with what the
   *     layer has against it
   */
  T make(Map<String, Object> values) {
    try {
      return type.cast(hasBuilder() ? built(values) : constructed(values));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw unmade(values, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw unmade(values, e);
    }
  }

  private IllegalArgumentException unmade(Map<String, Object> values, Throwable cause) {
    return new IllegalArgumentException(
        "%s: expected settings that it takes, got %s".formatted(type.getSimpleName(), values),
        cause);
  }

  private Object built(Map<String, Object> values) throws ReflectiveOperationException {
    Object builder = builder().getConstructor().newInstance();
    for (Map.Entry<String, Object> setting : values.entrySet()) {
      Object[] arguments = arguments(setting.getKey(), setting.getValue());
      try {
        MethodUtils.invokeMethod(builder, setting.getKey(), arguments);
      } catch (NoSuchMethodException e) {
        throw unfit(setting.getKey(), setting.getValue(), e);
      }
    }
    return MethodUtils.invokeMethod(builder, "build");
  }

  /** One value for both sides of a window, or a value for each. */
  private Object[] arguments(String name, Object value) {
    List<Integer> counts =
        setters().filter(m -> m.getName().equals(name)).map(Method::getParameterCount).toList();
    int length = value != null && value.getClass().isArray() ? Array.getLength(value) : 1;
    if (length > 1 && counts.contains(length)) {
      return IntStream.range(0, length).mapToObj(i -> Array.get(value, i)).toArray();
    }
    return Collections.nCopies(Collections.min(counts), value).toArray();
  }

  private Object constructed(Map<String, Object> values) throws ReflectiveOperationException {
    Object[] arguments =
        parameters().map(p -> values.getOrDefault(p.getName(), unset(p.getType()))).toArray();
    try {
      return constructor().newInstance(arguments);
    } catch (IllegalArgumentException e) {
      throw unmade(values, e);
    }
  }

  /** Null, 0 or false. */
  private static Object unset(Class<?> type) {
    return Array.get(Array.newInstance(type, 1), 0);
  }

  private IllegalArgumentException unfit(String name, Object value, Throwable cause) {
    String got = value == null ? "null" : value.getClass().getSimpleName() + " " + value;
    String takes =
        setters()
            .filter(setter -> setter.getName().equals(name))
            .map(setter -> Arrays.stream(setter.getParameterTypes()).map(Class::getSimpleName))
            .map(types -> types.collect(Collectors.joining(" and ")))
            .distinct()
            .collect(Collectors.joining(" or "));
    return new IllegalArgumentException(
        "%s.%s: expected %s, got %s".formatted(type.getSimpleName(), name, takes, got), cause);
  }

  private boolean hasBuilder() {
    return builder() != null;
  }

  private Class<?> builder() {
    return Stream.of(type.getClasses())
        .filter(nested -> nested.getSimpleName().equals("Builder"))
        .filter(nested -> !Modifier.isAbstract(nested.getModifiers())) // one that is inherited
        .findFirst()
        .orElse(null);
  }

  private Stream<Method> setters() {
    return Stream.of(builder().getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
        .filter(method -> method.getReturnType() != Object.class && method.getParameterCount() > 0)
        .filter(method -> method.getReturnType().isAssignableFrom(builder()));
  }

  private Constructor<?> constructor() {
    return Stream.of(type.getConstructors())
        .max(Comparator.comparing(Constructor::getParameterCount))
        .orElseThrow();
  }

  private Stream<Parameter> parameters() {
    return Stream.of(constructor().getParameters());
  }
}
