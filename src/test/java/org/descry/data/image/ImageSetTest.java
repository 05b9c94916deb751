package org.descry.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;

class ImageSetTest {
  @Property(tries = 50)
  void aSplitIsAStratifiedPartition(
      @ForAll @IntRange(min = 1, max = 200) int size,
      @ForAll @IntRange(min = 1, max = 9) int classes,
      @ForAll @IntRange(min = 0, max = 100) int percent,
      @ForAll long seed) {
    ImageSet images = Samples.noise(size, 2, 3, 1, classes);
    int count = Math.min(size - 1, size * percent / 100);

    ImageSet.Split split = images.split(count, seed);

    assertThat(split.heldOut().size()).isEqualTo(count);
    Set<byte[]> all = Collections.newSetFromMap(new IdentityHashMap<>());
    for (ImageSet part : List.of(split.rest(), split.heldOut())) {
      for (int i = 0; i < part.size(); i++) {
        assertThat(all.add(part.pixels(i))).isTrue();
      }
    }
    assertThat(all).hasSize(size);
    for (int k = 0; k < classes; k++) {
      double share = (double) images.counts()[k] * count / size;
      assertThat((double) split.heldOut().counts()[k])
          .isBetween(Math.floor(share), Math.floor(share) + 1);
    }
  }

  @Test
  void aSplitDependsOnItsSeedAlone() {
    ImageSet images = Samples.noise(100, 2, 2, 3, 4);
    assertThat(pixels(images.split(30, 5).heldOut()))
        .isEqualTo(pixels(images.split(30, 5).heldOut()));
    assertThat(pixels(images.split(30, 5).heldOut()))
        .isNotEqualTo(pixels(images.split(30, 6).heldOut()));
  }

  @Test
  void partsAreOfOneKind() {
    ImageSet small = Samples.noise(2, 2, 2, 3, 2);
    ImageSet high = Samples.noise(2, 3, 2, 3, 2);
    assertThatThrownBy(() -> new ImageSplits(small, high, small))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("2x2x3")
        .hasMessageContaining("3x2x3");
  }

  @Test
  void imagesAreCopiesForTheOutside() {
    ImageSet images = Samples.noise(1, 2, 2, 1, 1);
    byte before = images.pixels(0)[0];
    images.image(0)[0]++;
    assertThat(images.pixels(0)[0]).isEqualTo(before);
  }

  @Test
  void imagesAreNotMatchedToTwoClassesOfOneName() {
    ImageSet images = Samples.noise(4, 2, 2, 3, 2);
    assertThat(images.ordered(List.of("class1", "class0"), "them").label(0)).isEqualTo(1);
    assertThatThrownBy(() -> images.ordered(List.of("class0", "class0", "class1"), "them"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("them cannot be matched by name");
  }

  @Test
  void holdingOutEverythingIsRefused() {
    ImageSet images = Samples.noise(3, 2, 2, 1, 1);
    assertThatThrownBy(() -> images.split(3, 1))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("3 of 3");
  }

  @Test
  void validationIsCarvedOnlyWhereThereIsNone() {
    ImageSet images = Samples.noise(10, 2, 2, 1, 2);
    ImageSplits carved = ImageSplits.of(images, null, null).withValidation(0.2, 1);
    assertThat(carved.train().size()).isEqualTo(8);
    assertThat(carved.validation().size()).isEqualTo(2);
    assertThat(carved.test().isEmpty()).isTrue();
    assertThat(carved.withValidation(4, 1)).isSameAs(carved);
    assertThatThrownBy(() -> ImageSplits.of(images, null, null).withValidation(1.5, 1))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("1.5");
  }

  private static List<String> pixels(ImageSet images) {
    return IntStream.range(0, images.size())
        .mapToObj(i -> Arrays.toString(images.pixels(i)))
        .toList();
  }
}
