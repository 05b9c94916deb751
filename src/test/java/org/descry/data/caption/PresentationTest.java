package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PresentationTest {
  private static final int HEIGHT = 3;
  private static final int WIDTH = 4;

  /** One image of one colour a place, and one that is all black. */
  private static PixelInputs images() {
    byte[] image = new byte[HEIGHT * WIDTH * 3];
    for (int i = 0; i < image.length; i++) {
      image[i] = (byte) (i / 3 * 20);
    }
    return PixelInputs.fitted(new byte[][] {image, new byte[image.length]}, 3, HEIGHT, WIDTH);
  }

  private static float[] shown(Presentation presentation, ImageInputs inputs, int epoch) {
    int floats = inputs.floats();
    float[] out = new float[2 * floats];
    presentation.fill(inputs, 0, epoch, FloatBuffer.wrap(out), floats, new float[floats]);
    return Arrays.copyOfRange(out, floats, 2 * floats);
  }

  @Test
  void imagesAreMirroredAndMovedAnewInEachEpoch() {
    PixelInputs inputs = images();
    float[] plain = shown(Presentation.PLAIN, inputs, 0);
    Presentation changing = new Presentation(false, true, 1, 5);
    Set<String> seen = new HashSet<>();
    for (int epoch = 0; epoch < 60; epoch++) {
      float[] found = shown(changing, inputs, epoch);
      assertThat(shown(changing, inputs, epoch)).isEqualTo(found);
      seen.add(change(plain, found));
    }
    assertThat(seen).hasSizeGreaterThan(12).doesNotContain("none");
    assertThat(shown(new Presentation(true, false, 0, 5), inputs, 3)).isEqualTo(plain);
  }

  /** Which of the eighteen changes it is. */
  private static String change(float[] plain, float[] found) {
    for (int down = -1; down <= 1; down++) {
      for (int right = -1; right <= 1; right++) {
        for (boolean mirror : new boolean[] {false, true}) {
          if (is(plain, found, down, right, mirror)) {
            return down + " " + right + " " + mirror;
          }
        }
      }
    }
    return "none";
  }

  private static boolean is(float[] plain, float[] found, int down, int right, boolean mirror) {
    for (int i = 0; i < found.length; i++) {
      int y = i / 3 / WIDTH + down;
      int x = i / 3 % WIDTH + right;
      boolean inside = y >= 0 && y < HEIGHT && x >= 0 && x < WIDTH;
      int column = mirror ? WIDTH - 1 - x : x;
      float expected = inside ? plain[(y * WIDTH + column) * 3 + i % 3] : 0;
      if (found[i] != expected) {
        return false;
      }
    }
    return true;
  }

  @Test
  void featuresStayAsTheyAre() {
    ImageInputs features = new FeatureInputs(new float[][] {{3, 4, 5}}, 3);
    assertThat(shown(new Presentation(false, true, 2, 1), features, 1)).containsExactly(3, 4, 5);
  }
}
