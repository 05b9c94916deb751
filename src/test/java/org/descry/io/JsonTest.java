package org.descry.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  /** Whoever wrote the text can neither set the parser up nor see where it reads from. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\": [NaN]} | NaN is no number of JSON",
        "{\"a\": Infinity} | Infinity is no number of JSON",
        "{\"a\": -Infinity} | -Infinity is no number of JSON",
        "{\"a\": +INF} | +INF is no number of JSON",
        "{\"a\": +1} | Unexpected character ('+' (code 43)) in numeric value: JSON spec does not"
            + " allow numbers to have plus signs",
        "/* a */ {} | Unexpected character ('/' (code 47)): maybe a (non-standard) comment?",
        "{\u001e} | Illegal character ((CTRL-CHAR, code 30)): only regular white space (\\r, \\n,"
            + " \\t) is allowed between tokens",
        "{\"a\": 1] | Unexpected close marker ']': expected '}' (for Object starting at line 1,"
            + " column 1)",
        "{\"a\": [1 | Unexpected end-of-input: expected close marker for Array (start marker at"
            + " line 1, column 7)",
        "{} {} | something stands behind its end",
        "[] | it does not fit",
      })
  void reasonsSayNothingOfTheParser(String text, String reason) {
    JsonProcessingException failure =
        catchThrowableOfType(
            JsonProcessingException.class,
            () ->
                Json.MAPPER
                    .readerFor(Map.class)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readValue(text));
    assertThat(Json.reason(failure)).isEqualTo(reason);
  }
}
