package org.descry.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinaryTest {
  private static final String HASWELL = "sse2 avx avx2 fma f16c bmi1 bmi2";
  private static final String SKYLAKE_X = HASWELL + " avx512f avx512vl avx512bw avx512dq avx512cd";
  private static final String KNIGHTS_LANDING = HASWELL + " avx512f avx512cd avx512er avx512pf";

  @ParameterizedTest
  @CsvSource({
    "SKYLAKE_X, PLAIN ONEDNN ONEDNN_AVX2 ONEDNN_AVX512, ONEDNN_AVX512",
    "SKYLAKE_X, PLAIN ONEDNN ONEDNN_AVX2, ONEDNN_AVX2",
    "SKYLAKE_X, PLAIN, PLAIN",
    "HASWELL, PLAIN ONEDNN ONEDNN_AVX2 ONEDNN_AVX512, ONEDNN_AVX2",
    "KNIGHTS_LANDING, PLAIN ONEDNN ONEDNN_AVX2 ONEDNN_AVX512, ONEDNN_AVX2",
    "UNKNOWN, PLAIN ONEDNN ONEDNN_AVX2 ONEDNN_AVX512, ONEDNN",
    "UNKNOWN, PLAIN, PLAIN"
  })
  void takesTheFastestThatRuns(String processor, String present, Binary expected) {
    assertThat(Binary.choose(features(processor), binaries(present), null)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"plain, PLAIN", "onednn, ONEDNN", "onednn-avx2, ONEDNN_AVX2"})
  void takesWhatIsAskedFor(String wanted, Binary expected) {
    Set<Binary> all = EnumSet.allOf(Binary.class);
    assertThat(Binary.choose(features("SKYLAKE_X"), all, wanted)).isEqualTo(expected);
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThatThrownBy(() -> Binary.choose(Set.of(), binaries("PLAIN ONEDNN"), "avx9"))
        .isInstanceOf(DescryException.class)
        .hasMessage("The binary 'avx9' is unknown: expected one of those present: plain, onednn.");
  }

  @Test
  void anAbsentBinaryIsRefused() {
    assertThatThrownBy(() -> Binary.choose(Set.of(), binaries("PLAIN"), "onednn"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("'onednn' is not on the class path")
        .hasMessageContaining("present: plain");
  }

  @Test
  void aBinaryThatTheProcessorCannotRunIsRefused() {
    Set<Binary> all = EnumSet.allOf(Binary.class);
    assertThatThrownBy(() -> Binary.choose(features("KNIGHTS_LANDING"), all, "onednn-avx512"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("avx512bw, avx512dq, avx512vl")
        .hasMessageEndingWith("expected one of plain, onednn, onednn-avx2.");
  }

  @Test
  void nothingThatRunsIsRefused() {
    assertThatThrownBy(() -> Binary.choose(Set.of(), binaries("ONEDNN_AVX2"), null))
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "This processor cannot run the native binaries of ND4J that are here (onednn-avx2),"
                + " which need avx, avx2, f16c, fma; expected a Descry that was built with"
                + " -Dnative.binary=onednn.");
    assertThatThrownBy(() -> Binary.choose(Set.of(), Set.of(), null))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("expected the jar nd4j-native with classifier");
  }

  @Test
  void plainHasAnEmptyExtensionRatherThanNone() {
    assertThat(Binary.PLAIN.extension()).isEmpty();
    assertThat(Binary.ONEDNN_AVX512.extension()).isEqualTo("-onednn-avx512");
  }

  private static Set<String> features(String processor) {
    return switch (processor) {
      case "SKYLAKE_X" -> Set.of(SKYLAKE_X.split(" "));
      case "KNIGHTS_LANDING" -> Set.of(KNIGHTS_LANDING.split(" "));
      case "HASWELL" -> Set.of(HASWELL.split(" "));
      default -> Set.of();
    };
  }

  private static Set<Binary> binaries(String names) {
    return Arrays.stream(names.split(" "))
        .map(Binary::valueOf)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Binary.class)));
  }
}
