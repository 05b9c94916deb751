package org.descry.train.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPlaceTest {
  /** Runs of one job may begin at the same time, in programs of their own. */
  @Test
  void severalMayBecomeTheNewestAtOnce(@TempDir Path dir) {
    List<RunPlace> places =
        IntStream.range(0, 200).mapToObj(i -> new RunPlace(dir, "run" + i, true)).toList();
    places.parallelStream().forEach(RunPlace::setLatest);
    assertThat(RunPlace.latest(dir)).isPresent();
    assertThat(dir).isDirectoryNotContaining("glob:**.tmp");
  }
}
