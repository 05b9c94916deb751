package org.descry.sweep.space;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the settings of a candidate have to obey, such as {@code model.hidden <= 4 *
 * model.embedding}: two sums of products of numbers and keys of the job, and how they compare. It
 * does not bind a candidate that lacks one of its settings.
 */
public final class Constraint {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<number>\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)"
              + "|(?<key>[A-Za-z][\\w.\\[\\]]*)"
              + "|(?<sign><=|>=|==|!=|[-+*/()<>]))\\s*");

  /** Of two equal numbers that were computed in two ways, in shares of the larger. */
  private static final double EQUAL = 1e-12;

  private static final int DEEPEST = 50;

  private final String text;
  private final Set<String> keys = new LinkedHashSet<>();
  private final Matcher tokens;
  private String token;
  private int depth;
  private final Term left;
  private final String comparison;
  private final Term right;

  /** NaN where a setting is absent. */
  private interface Term extends ToDoubleFunction<Map<String, JsonNode>> {}

  /**
   * @throws IllegalArgumentException with the place at which the text is no constraint
   */
  public Constraint(String text) {
    this.text = text;
    tokens = TOKEN.matcher(text);
    next();
    left = sum();
    comparison = token;
    if (!Set.of("<", "<=", ">", ">=", "==", "!=").contains(token)) {
      throw unexpected("one of <, <=, >, >=, ==, !=");
    }
    next();
    right = sum();
    if (!token.isEmpty()) {
      throw unexpected("its end");
    }
  }

  private void next() {
    int end = token == null ? 0 : tokens.end();
    if (end == text.length()) {
      token = "";
    } else if (tokens.region(end, text.length()).lookingAt()) {
      token = tokens.group().strip();
    } else {
      token = text.substring(end).strip();
      throw unexpected("a number, a key of the job, or one of + - * / ( )");
    }
  }

  private IllegalArgumentException unexpected(String expected) {
    return new IllegalArgumentException(
        "\"%s\" has %s, but expected %s"
            .formatted(text, token.isEmpty() ? "an end" : "\"" + token + "\"", expected));
  }

  private Term sum() {
    Term sum = product();
    while (token.equals("+") || token.equals("-")) {
      sum = combined(sum, token.equals("+") ? Double::sum : (a, b) -> a - b, false);
    }
    return sum;
  }

  private Term product() {
    Term product = factor();
    while (token.equals("*") || token.equals("/")) {
      product = combined(product, token.equals("*") ? (a, b) -> a * b : (a, b) -> a / b, true);
    }
    return product;
  }

  private Term combined(Term first, DoubleBinaryOperator operator, boolean ofProduct) {
    next();
    Term second = ofProduct ? factor() : product();
    return settings ->
        operator.applyAsDouble(first.applyAsDouble(settings), second.applyAsDouble(settings));
  }

  private Term factor() {
    if (++depth > DEEPEST) {
      throw new IllegalArgumentException("expected at most %s numbers and keys".formatted(DEEPEST));
    }
    String here = token;
    if (here.equals("-") || here.equals("(")) {
      next();
      if (here.equals("-")) {
        Term value = factor();
        return settings -> -value.applyAsDouble(settings);
      }
      Term inner = sum();
      if (!token.equals(")")) {
        throw unexpected("a )");
      }
      next();
      return inner;
    }
    if (!here.isEmpty() && Character.isDigit(here.charAt(0))) {
      double number = Double.parseDouble(here);
      next();
      return settings -> number;
    }
    if (here.isEmpty() || !Character.isLetter(here.charAt(0))) {
      throw unexpected("a number or a key of the job");
    }
    keys.add(here);
    next();
    return settings -> {
      JsonNode value = settings.get(here);
      return value == null ? Double.NaN : value.asDouble(Double.NaN);
    };
  }

  /** The settings that it names. */
  public Set<String> keys() {
    return keys;
  }

  /** Whether it holds, or does not bind. */
  boolean holds(Map<String, JsonNode> settings) {
    double a = left.applyAsDouble(settings);
    double b = right.applyAsDouble(settings);
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return true;
    }
    boolean equal = a == b || Math.abs(a - b) <= EQUAL * Math.max(Math.abs(a), Math.abs(b));
    return switch (comparison) {
      case "<" -> a < b && !equal;
      case "<=" -> a < b || equal;
      case ">" -> a > b && !equal;
      case ">=" -> a > b || equal;
      case "==" -> equal;
      default -> !equal;
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
