package org.descry.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FitTest {
  /** Two rows of four pixels in two channels. */
  private static final byte[] WIDE = {
    1, 11, 2, 12, 3, 13, 4, 14,
    5, 15, 6, 16, 7, 17, 8, 18
  };

  @Test
  void theMiddleIsCroppedOut() {
    assertThat(Fit.CROP.resize(WIDE, 2, 4, 2, 2, 2)).containsExactly(2, 12, 3, 13, 6, 16, 7, 17);
    // The same, lying on its side.
    assertThat(Fit.CROP.resize(WIDE, 4, 2, 2, 2, 2)).containsExactly(3, 13, 4, 14, 5, 15, 6, 16);
  }

  @Test
  void whatIsPaddedIsWholeAndInTheMiddle() {
    byte[] padded = Fit.PAD.resize(WIDE, 2, 4, 2, 4, 4);
    byte[] expected = new byte[4 * 4 * 2];
    System.arraycopy(WIDE, 0, expected, 8, WIDE.length);
    assertThat(padded).containsExactly(expected);
    byte[] tall = Fit.PAD.resize(WIDE, 4, 2, 2, 4, 4);
    for (int y = 0; y < 4; y++) {
      assertThat(Arrays.copyOfRange(tall, 8 * y, 8 * y + 8))
          .containsExactly(
              0, 0, WIDE[4 * y], WIDE[4 * y + 1], WIDE[4 * y + 2], WIDE[4 * y + 3], 0, 0);
    }
  }

  @Test
  void squashingIsResizing() {
    assertThat(Fit.SQUASH.resize(WIDE, 2, 4, 2, 2, 2))
        .containsExactly(Resizing.resize(WIDE, 2, 4, 2, 2, 2));
  }

  /** Of one shape all are one; an even image stays even but for the black of padding. */
  @Property(tries = 300, seed = "1")
  void anyShapeFits(
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int toHeight,
      @ForAll @IntRange(min = 1, max = 40) int toWidth) {
    byte[] even = new byte[height * width];
    Arrays.fill(even, (byte) 9);
    for (Fit fit : Fit.values()) {
      byte[] fitted = fit.resize(even, height, width, 1, toHeight, toWidth);
      assertThat(fitted).hasSize(toHeight * toWidth).contains(9);
      for (byte value : fitted) {
        assertThat(value == 9 || fit == Fit.PAD && value == 0).isTrue();
      }
      if (height * toWidth == width * toHeight) {
        assertThat(fitted)
            .containsExactly(Fit.SQUASH.resize(even, height, width, 1, toHeight, toWidth));
      }
    }
  }
}
