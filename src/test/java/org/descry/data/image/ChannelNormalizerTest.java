package org.descry.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

public class ChannelNormalizerTest {
  @Test
  void fittedChannelsComeOutStandardised() {
    ImageSet images = Samples.noise(50, 5, 7, 3, 2);
    INDArray batch = ChannelNormalizer.fit(images).apply(5, 7, images(images));

    assertThat(batch.shape()).containsExactly(50, 3, 5, 7);
    for (int c = 0; c < 3; c++) {
      INDArray channel = batch.tensorAlongDimension(c, 0, 2, 3).dup();
      assertThat(channel.meanNumber().doubleValue()).isCloseTo(0, within(1e-5));
      assertThat(channel.stdNumber(false).doubleValue()).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void aHandComputedCase() {
    // One channel, values 0 and 255: mean 0.5, deviation 0.5.
    ImageSet images =
        new ImageSet(1, 2, 1, List.of("a"), new byte[][] {{0, (byte) 255}}, new int[] {0});
    ChannelNormalizer normalizer = ChannelNormalizer.fit(images);
    assertThat(normalizer).isEqualTo(new ChannelNormalizer(List.of(0.5), List.of(0.5)));
    assertThat(normalizer.apply(1, 2, images(images)).ravel().toFloatVector())
        .containsExactly(-1, 1);
  }

  @Test
  void aConstantChannelDoesNotDivideByZero() {
    ImageSet images = new ImageSet(1, 2, 1, List.of("a"), new byte[][] {{51, 51}}, new int[] {0});
    assertThat(ChannelNormalizer.fit(images).apply(1, 2, images(images)).ravel().toFloatVector())
        .containsExactly(0, 0);
  }

  @Test
  void survivesJson() throws Exception {
    ChannelNormalizer normalizer = ChannelNormalizer.fit(Samples.noise(3, 4, 4, 3, 2));
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readValue(json.writeValueAsString(normalizer), ChannelNormalizer.class))
        .isEqualTo(normalizer);
  }

  @Test
  void valuesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new ChannelNormalizer(List.of(0.5), List.of(-1.0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ChannelNormalizer(List.of(Double.NaN), List.of(1.0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ChannelNormalizer(List.of(0.5), List.of(1.0, 1.0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  public static List<byte[]> images(ImageSet images) {
    return IntStream.range(0, images.size()).mapToObj(images::image).toList();
  }
}
