package org.descry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CaptionMetricsTest {
  private static final Arbitrary<List<String>> SENTENCES =
      Arbitraries.of("a", "b", "c", "d", "e").list().ofMinSize(4).ofMaxSize(9);

  /** An image: its candidate first, then its references. */
  @Provide
  Arbitrary<List<List<List<String>>>> images() {
    return SENTENCES.list().ofMinSize(2).ofMaxSize(4).list().ofMinSize(1).ofMaxSize(6);
  }

  private static CaptionMetrics measure(List<List<List<String>>> images) {
    return CaptionMetrics.of(
        images.stream().map(p -> p.get(0)).toList(),
        images.stream().map(p -> p.subList(1, p.size())).toList());
  }

  @Property(tries = 200)
  void allMetricsKeepTheirBounds(@ForAll("images") List<List<List<String>>> images) {
    CaptionMetrics metrics = measure(images);
    assertThat(
            List.of(
                metrics.bleu1(),
                metrics.bleu2(),
                metrics.bleu3(),
                metrics.bleu4(),
                metrics.rougeL()))
        .allSatisfy(m -> assertThat(m).isBetween(0.0, 1 + 1e-12));
    assertThat(metrics.cider()).isBetween(0.0, 10 + 1e-9);
  }

  @Property(tries = 200)
  void aCandidateThatIsAReferenceIsPerfect(@ForAll("images") List<List<List<String>>> images) {
    List<List<String>> candidates = images.stream().map(p -> p.get(1)).toList();
    CaptionMetrics metrics =
        CaptionMetrics.of(candidates, images.stream().map(p -> p.subList(1, p.size())).toList());
    assertThat(metrics.bleu1()).isCloseTo(1, within(1e-12));
    assertThat(metrics.bleu4()).isCloseTo(1, within(1e-12));
    assertThat(metrics.rougeL()).isCloseTo(1, within(1e-12));
  }

  @Property(tries = 100)
  void theOrderOfImagesDoesNotMatter(
      @ForAll("images") List<List<List<String>>> images, @ForAll long seed) {
    List<List<List<String>>> shuffled = new ArrayList<>(images);
    Collections.shuffle(shuffled, new Random(seed));
    CaptionMetrics one = measure(images);
    CaptionMetrics other = measure(shuffled);
    assertThat(other.bleu4()).isCloseTo(one.bleu4(), within(1e-12));
    assertThat(other.rougeL()).isCloseTo(one.rougeL(), within(1e-12));
    assertThat(other.cider()).isCloseTo(one.cider(), within(1e-12));
  }

  @Test
  void perplexityOfAUniformGuessIsTheNumberOfWords() {
    assertThat(CaptionMetrics.perplexity(20 * Math.log(50), 20)).isCloseTo(50, within(1e-9));
    assertThatThrownBy(() -> CaptionMetrics.perplexity(1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
