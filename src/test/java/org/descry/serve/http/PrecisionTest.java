package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.descry.engine.dnn.Precision;
import org.junit.jupiter.api.Test;

/** A server whose factors are rounded to bfloat16, where the processor has it. */
class PrecisionTest {
  private static final String PREDICT = "/v1/models/shapes-classifier/predict?top=10";

  private static void equalWithin(double bound, JsonNode found, JsonNode expected) {
    for (JsonNode one : expected.get("predictions")) {
      for (JsonNode other : found.get("predictions")) {
        if (other.get("label").equals(one.get("label"))) {
          assertThat(other.get("probability").asDouble())
              .isCloseTo(one.get("probability").asDouble(), within(bound));
        }
      }
    }
  }

  @Test
  void answersOfBfloat16AreNearThoseOfFloat32() {
    try (Serving exact = new Serving(Serving.CLASSIFIER)) {
      String obstacle = Precision.BFLOAT16.obstacle();
      assumeTrue(obstacle == null, obstacle);
      try (Serving rounded =
          new Serving(Serving.CLASSIFIER, settings -> settings.precision = Precision.BFLOAT16)) {
        String selfTest =
            Serving.json(rounded.get("/v1/models/shapes-classifier")).get("selfTest").asText();
        assertThat(selfTest).startsWith("its self-test passed, within ").doesNotContain(" 0.0e");
        int others = 0;
        for (int seed = 1; seed <= 10; seed++) {
          byte[] image = Serving.disc(32, seed);
          JsonNode found = rounded.image(PREDICT, image);
          JsonNode expected = exact.image(PREDICT, image);
          equalWithin(0.05, found, expected);
          others += found.equals(expected) ? 0 : 1;
        }
        assertThat(others).isPositive();
      }
    }
  }
}
