package org.descry.data.image.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageSplits;
import org.descry.testing.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The genuine binary layout with genuine images, where they lie beside the checkout. */
class RealCifarTest {
  @Test
  void theTwelveThousandReadAsPublished(@TempDir Path folder) throws Exception {
    Path archive = Shared.require("data/cifar-10-batches-bin-12k.tar.xz");
    Process tar =
        new ProcessBuilder("tar", "-xJf", archive.toString(), "-C", folder.toString()).start();
    assertThat(tar.waitFor()).isZero();

    ImageSplits splits = CifarFolder.read(folder.resolve("cifar-10-batches-bin-12k"));

    assertThat(splits.train().labelNames()).startsWith("airplane", "automobile").hasSize(10);
    assertThat(splits.train().counts()).containsOnly(1000);
    assertThat(splits.test().counts()).containsOnly(200);
    // Known for all 50,000: .4914 .4822 .4465 and .2470 .2435 .2616
    ChannelNormalizer channels = ChannelNormalizer.fit(splits.train());
    assertThat(channels.mean().get(0)).isCloseTo(0.491, within(0.01));
    assertThat(channels.mean().get(2)).isCloseTo(0.447, within(0.01));
    assertThat(channels.std().get(1)).isCloseTo(0.243, within(0.01));
  }
}
