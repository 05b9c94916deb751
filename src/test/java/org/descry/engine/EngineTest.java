package org.descry.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.descry.DescryException;
import org.descry.UsageException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class EngineTest {
  @Test
  void nd4jComputesOnTheChosenBinary() {
    Engine.Choice choice = Engine.start();
    assertThat(Nd4j.ones(2, 3).mmul(Nd4j.ones(3, 2)).getDouble(0)).isEqualTo(3.0);
    String suffix = choice.binary().equals("plain") ? "" : "-" + choice.binary();
    assertThat(Loader.getLoadedLibraries().get("nd4jcpu"))
        .contains("/" + Loader.getPlatform() + suffix + "/");
    assertThat(choice.present()).contains(choice.binary());
  }

  @Test
  void startingAgainIsTheSameChoice() {
    Engine.Choice choice = Engine.start();
    assertThat(Engine.start()).isSameAs(choice);
    assertThat(Engine.start(choice.binary(), choice.threads())).isSameAs(choice);
  }

  @Test
  void aRunningEngineCannotChange() {
    Engine.Choice choice = Engine.start();
    assertThatThrownBy(() -> Engine.start(null, choice.threads() + 1))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("already runs (" + choice + ")");
  }

  @Test
  void aSwitchIsOnOrOff() {
    Engine.requireOneOf("DESCRY_DNN", Map.of(), "on", "off");
    for (String known : List.of("", "on", "OFF", " off ")) {
      Engine.requireOneOf("DESCRY_DNN", Map.of("DESCRY_DNN", known), "on", "off");
    }
    Map<String, String> wrong = Map.of("DESCRY_DNN", "of");
    assertThatThrownBy(() -> Engine.requireOneOf("DESCRY_DNN", wrong, "on", "off"))
        .isInstanceOf(UsageException.class)
        .hasMessage("DESCRY_DNN is 'of': expected on or off.");
  }

  @Test
  void theLineSaysBinaryAndThreads() {
    assertThat(Engine.start().toString()).matches("Engine: [a-z0-9-]+, \\d+ threads?");
  }
}
