package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class PropertySeedTest {
  private static final List<Long> DRAWN = new ArrayList<>();

  /** Not run by itself: the build leaves its tag out. */
  @Tag("slow")
  static class Drawing {
    @Property(tries = 20)
    void draw(@ForAll long value) {
      DRAWN.add(value);
    }
  }

  @Test
  void everyRunDrawsTheSame() {
    List<Long> first = run();
    assertThat(first).hasSize(20);
    assertThat(run()).isEqualTo(first);
  }

  private static List<Long> run() {
    DRAWN.clear();
    LauncherFactory.create(LauncherConfig.DEFAULT)
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(Drawing.class))
                .build());
    return List.copyOf(DRAWN);
  }
}
