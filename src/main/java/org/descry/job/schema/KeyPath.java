package org.descry.job.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.descry.UsageException;

/** Paths such as {@code model.stages[0].filters}. */
public final class KeyPath {
  private static final Pattern PART = Pattern.compile("([A-Za-z][A-Za-z0-9_-]*)((\\[\\d{1,6}])*)");
  private static final Pattern INDEX = Pattern.compile("\\d+");

  private KeyPath() {}

  /** A key of a section, or (index at least 0) an element of a list. */
  public record Step(String key, int index) {}

  public static List<Step> parse(String path, String origin) {
    List<Step> steps = new ArrayList<>();
    for (String part : path.split("\\.", -1)) {
      Matcher matcher = PART.matcher(part);
      if (!matcher.matches()) {
        throw new UsageException(
            origin
                + ": \""
                + path
                + "\" is no key path; expected one like training.optimizer.learningRate or"
                + " model.stages[0].filters.");
      }
      steps.add(new Step(matcher.group(1), -1));
      Matcher index = INDEX.matcher(matcher.group(2));
      while (index.find()) {
        steps.add(new Step("", Integer.parseInt(index.group())));
      }
    }
    return steps;
  }

  /** What stands at a path in a tree; a missing node where there is nothing. */
  public static JsonNode at(JsonNode tree, String path) {
    return tree.at("/" + path.replaceAll("\\[(\\d+)]", ".$1").replace('.', '/'));
  }

  public static String join(List<Step> steps) {
    StringBuilder path = new StringBuilder();
    for (Step step : steps) {
      if (step.index() >= 0) {
        path.append('[').append(step.index()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.key());
      }
    }
    return path.toString();
  }
}
