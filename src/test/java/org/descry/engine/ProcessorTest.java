package org.descry.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorTest {
  @Test
  void siblingsShareACoreAndEveryCoreMustHaveAFeature() {
    String cpuinfo =
        """
        processor\t: 0
        model name\t: Some CPU @ 2: fast
        physical id\t: 0
        core id\t\t: 0
        flags\t\t: avx avx2 avx512f

        processor\t: 1
        physical id\t: 0
        core id\t\t: 0
        flags\t\t: avx avx2 avx512f

        processor\t: 2
        physical id\t: 0
        core id\t\t: 1
        flags\t\t: avx avx2
        """;
    Processor processor = Processor.parse(cpuinfo);
    assertThat(processor.model()).isEqualTo("Some CPU @ 2: fast");
    assertThat(processor.cores()).isEqualTo(2);
    assertThat(processor.features()).containsExactlyInAnyOrder("avx", "avx2");
  }

  @Test
  void anArmProcessorHasNoX86Features() {
    Processor processor = Processor.parse("processor\t: 0\nFeatures\t: fp asimd\n");
    assertThat(processor.model()).isEqualTo("unknown");
    assertThat(processor.features()).isEmpty();
    assertThat(processor.cores()).isZero();
  }
}
