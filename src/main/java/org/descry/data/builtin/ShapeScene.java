package org.descry.data.builtin;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.descry.data.caption.Tokenizer;

/**
 * One to three figures in a row or a column, and what can truly be said of them.
 *
 * <p>A description names every figure, with its colour and shape, its size or not, and tells how
 * they lie:
 *
 * <pre>
 * one    a small red circle | there is X | this is X | a picture of X | X is shown
 * two    X above Y | Y below X | X is above Y | Y is below X | there is X above Y
 * three  X above Y above Z | Z below Y below X | there is X above Y above Z
 *        | there is Z below Y below X | Y is below X and above Z
 * </pre>
 *
 * and the same with {@code left of} for {@code above} and {@code right of} for {@code below}.
 *
 * @param items from left to right, or from top to bottom
 * @param vertical whether they stand above one another
 */
public record ShapeScene(List<Item> items, boolean vertical) {
  static final List<String> SHAPES = List.of("circle", "square", "triangle", "cross");
  static final List<String> COLOURS = List.of("red", "green", "blue", "yellow", "white");
  static final int MAX_ITEMS = 3;

  /** One figure; {@code big} or small. */
  public record Item(boolean big, String colour, String shape) {
    public Item {
      if (!COLOURS.contains(colour) || !SHAPES.contains(shape)) {
        throw new IllegalArgumentException(
            "Expected a colour of %s and a shape of %s, got: %s %s"
                .formatted(COLOURS, SHAPES, colour, shape));
      }
    }

    private String phrase(boolean withSize) {
      String size = big ? "big " : "small ";
      return "a " + (withSize ? size : "") + colour + " " + shape;
    }
  }

  public ShapeScene {
    items = List.copyOf(items);
    if (items.isEmpty() || items.size() > MAX_ITEMS) {
      throw new IllegalArgumentException("Expected 1 to 3 figures, got: " + items.size());
    }
  }

  /** Five true descriptions, each figure with its size. */
  List<String> captions() {
    return captions(items.stream().map(item -> item.phrase(true)).toList());
  }

  /** Every true description of the whole scene. */
  Set<String> descriptions() {
    Set<String> descriptions = new LinkedHashSet<>();
    // One bit a figure: whether its size is told.
    for (int told = (1 << items.size()) - 1; told >= 0; told--) {
      List<String> phrases = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        phrases.add(items.get(i).phrase((told >> i & 1) == 1));
      }
      descriptions.addAll(captions(phrases));
    }
    return descriptions;
  }

  /** Whether {@code caption}, once tokenised, is a true description of the whole scene. */
  public boolean isTrue(String caption) {
    return descriptions().contains(String.join(" ", Tokenizer.tokenize(caption)));
  }

  private List<String> captions(List<String> phrases) {
    String first = phrases.get(0);
    if (phrases.size() == 1) {
      return List.of(
          first,
          "there is " + first,
          "this is " + first,
          "a picture of " + first,
          first + " is shown");
    }
    String before = vertical ? " above " : " left of ";
    String after = vertical ? " below " : " right of ";
    String second = phrases.get(1);
    if (phrases.size() == 2) {
      return List.of(
          first + before + second,
          second + after + first,
          first + " is" + before + second,
          second + " is" + after + first,
          "there is " + first + before + second);
    }
    String third = phrases.get(2);
    return List.of(
        first + before + second + before + third,
        third + after + second + after + first,
        "there is " + first + before + second + before + third,
        "there is " + third + after + second + after + first,
        second + " is" + after + first + " and" + before + third);
  }
}
