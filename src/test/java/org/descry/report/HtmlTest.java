package org.descry.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "0.00123456, 0.001235",
    "0.000123456, 1.235e-4",
    "-12345.678, -12350",
    "1234567, 1.235e6",
    "100000, 100000",
    "1e300, 1e300",
    "4.9e-324, 4.941e-324",
    "NaN, NaN",
    "-Infinity, -Infinity"
  })
  void aNumberHasFourSignificantDigits(double value, String text) {
    assertThat(Html.compact(value)).isEqualTo(text);
  }

  @Test
  void whatAReaderWouldObeyIsShown() {
    assertThat(Html.escape("a<b>\u001b[31m\u202e'&\"\u0000"))
        .isEqualTo("a&lt;b>\\u001b[31m\\u202e&#39;&amp;&quot;\\u0000");
  }
}
