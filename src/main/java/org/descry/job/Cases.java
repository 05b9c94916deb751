package org.descry.job;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A function of a sealed type, an arm for each of its classes: what a switch over them would be.
 * That no class is forgotten is checked when the cases are made, in a static field as a rule, so
 * that a class without an arm is found by whatever loads the function's class.
 *
 * @param <S> the sealed type
 * @param <T> what the arms give
 */
public final class Cases<S, T> {
  private final Map<Class<?>, Function<S, T>> arms;

  private Cases(Map<Class<?>, Function<S, T>> arms) {
    this.arms = arms;
  }

  /** Cases of {@code sealed} that have no arm yet. */
  public static <S, T> Builder<S, T> of(Class<S> sealed) {
    return new Builder<>(sealed);
  }

  /** Collects arms. */
  public static final class Builder<S, T> {
    private final Class<S> sealed;
    private final Map<Class<?>, Function<S, T>> arms = new LinkedHashMap<>();

    private Builder(Class<S> sealed) {
      this.sealed = sealed;
    }

    /** What is done with {@code type}. */
    public <C extends S> Builder<S, T> when(Class<C> type, Function<? super C, ? extends T> arm) {
      arms.put(type, value -> arm.apply(type.cast(value)));
      return this;
    }

    /** What all of {@code types} give. */
    @SafeVarargs
    public final Builder<S, T> same(T result, Class<? extends S>... types) {
      for (Class<? extends S> type : types) {
        arms.put(type, value -> result);
      }
      return this;
    }

    /**
     * @throws IllegalStateException if the sealed type permits a class without an arm
     */
    public Cases<S, T> exhaustive() {
      requireArm(sealed);
      return new Cases<>(Map.copyOf(arms));
    }

    private void requireArm(Class<?> type) {
      if (type.isSealed()) {
        for (Class<?> permitted : type.getPermittedSubclasses()) {
          requireArm(permitted);
        }
      } else if (!arms.containsKey(type)) {
        throw new IllegalStateException(
            "%s: expected an arm for each class, got none for %s"
                .formatted(sealed.getSimpleName(), type.getName()));
      }
    }
  }

  public T of(S value) {
    return arms.get(value.getClass()).apply(value);
  }
}
