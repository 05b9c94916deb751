package org.descry.data.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.descry.data.builtin.ShapeScene.Item;
import org.descry.data.caption.CaptionSet;
import org.descry.data.caption.PixelInputs;
import org.descry.data.caption.Vocabulary;
import org.junit.jupiter.api.Test;

class ShapeScenesTest {
  private static final Item CIRCLE = new Item(false, "red", "circle");
  private static final Item SQUARE = new Item(true, "blue", "square");
  private static final Item CROSS = new Item(false, "white", "cross");

  @Test
  void describesTwoFigures() {
    ShapeScene scene = new ShapeScene(List.of(CIRCLE, SQUARE), true);
    assertThat(scene.captions())
        .containsExactly(
            "a small red circle above a big blue square",
            "a big blue square below a small red circle",
            "a small red circle is above a big blue square",
            "a big blue square is below a small red circle",
            "there is a small red circle above a big blue square");
    assertThat(scene.isTrue("A small red circle above a blue square.")).isTrue();
    assertThat(scene.isTrue("a red circle above a blue square")).isTrue();
    assertThat(scene.isTrue("a big red circle above a blue square")).isFalse();
    assertThat(scene.isTrue("a blue square above a small red circle")).isFalse();
    assertThat(scene.isTrue("a red circle left of a blue square")).isFalse();
    assertThat(scene.isTrue("a small red circle")).isFalse();
    assertThat(scene.isTrue("")).isFalse();
  }

  @Test
  void describesThreeFigures() {
    ShapeScene scene = new ShapeScene(List.of(CIRCLE, SQUARE, CROSS), false);
    assertThat(scene.captions())
        .contains(
            "a small red circle left of a big blue square left of a small white cross",
            "a big blue square is right of a small red circle and left of a small white cross");
    assertThat(scene.descriptions()).hasSize(5 * 8).containsAll(scene.captions());
  }

  @Test
  void describesOneFigure() {
    ShapeScene scene = new ShapeScene(List.of(CROSS), true);
    assertThat(scene.isTrue("there is a white cross")).isTrue();
    assertThat(scene.isTrue("a white circle")).isFalse();
  }

  @Test
  void theSameSeedGivesTheSameBitsWhateverTheCounts() {
    ShapeScenes.Generated large = ShapeScenes.generate(7, 40, 10, 10);
    ShapeScenes.Generated small = ShapeScenes.generate(7, 20, 5, 5);
    assertThat(large.train().subList(0, 20)).isEqualTo(small.train());
    assertThat(large.test().subList(0, 5)).isEqualTo(small.test());
    for (int i = 0; i < 20; i++) {
      assertThat(pixels(large.data().train(), i)).isEqualTo(pixels(small.data().train(), i));
    }
    assertThat(ShapeScenes.generate(8, 20, 5, 5).train()).isNotEqualTo(small.train());
  }

  private static byte[] pixels(CaptionSet set, int image) {
    return ((PixelInputs) set.inputs()).pixels(image);
  }

  @Test
  void everyCaptionOfTheStandardSetIsTrueAndKnown() {
    ShapeScenes.Generated generated = ShapeScenes.generate(1);
    CaptionSet test = generated.data().test();
    assertThat(generated.data().train().images()).isEqualTo(ShapeScenes.TRAIN);
    assertThat(generated.data().train().size()).isEqualTo(5 * ShapeScenes.TRAIN);
    assertThat(generated.data().train().longest()).isEqualTo(2 + 18);
    for (int i = 0; i < test.images(); i++) {
      assertThat(test.texts(i)).hasSize(5).allMatch(generated.test().get(i)::isTrue);
    }
    for (int c = 0; c < test.size(); c++) {
      for (int t = 0; t < test.length(c); t++) {
        assertThat(test.token(c, t)).isNotIn(Vocabulary.NULL, Vocabulary.UNKNOWN);
      }
    }
  }

  /** What is drawn is what is told, as far as red and blue pairs show. */
  @Test
  void figuresStandInTheOrderTheyAreTold() {
    ShapeScenes.Generated generated = ShapeScenes.generate(3, 200, 0, 0);
    for (int i = 0; i < 200; i++) {
      ShapeScene scene = generated.train().get(i);
      Set<String> colours = new HashSet<>();
      scene.items().forEach(item -> colours.add(item.colour()));
      if (colours.contains("red")
          && colours.contains("blue")
          && colours.size() == 2
          && scene.items().size() == 2) {
        byte[] pixels = pixels(generated.data().train(), i);
        boolean redFirst = scene.items().get(0).colour().equals("red");
        double red = centre(pixels, scene.vertical(), 0, 2);
        double blue = centre(pixels, scene.vertical(), 2, 0);
        assertThat(red < blue).isEqualTo(redFirst);
        assertThat(Math.abs(red - blue)).isGreaterThan(13);
      }
    }
  }

  /** Mean row (or column) of the pixels where channel {@code high} outshines {@code low}. */
  private static double centre(byte[] pixels, boolean vertical, int high, int low) {
    double sum = 0;
    int count = 0;
    for (int p = 0; p < ShapeScenes.SIZE * ShapeScenes.SIZE; p++) {
      if ((pixels[p * 3 + high] & 0xff) > (pixels[p * 3 + low] & 0xff) + 60) {
        sum += vertical ? p / ShapeScenes.SIZE : p % ShapeScenes.SIZE;
        count++;
      }
    }
    return sum / count;
  }
}
