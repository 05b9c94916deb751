package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of bodies that are not read, whatever they were to ask. */
class RefusedBodiesTest {
  private static final String MODEL = "/v1/models/shapes-classifier/";
  private static final String INFER = "/v2/models/shapes-classifier/infer";
  private static final String JSON = "application/json";
  private static final String PARTS = "multipart/form-data; boundary=x";
  private static final byte[] IMAGE = Serving.disc(32, 1);

  @RegisterExtension static final Serving serving = new Serving(Serving.CLASSIFIER);

  private static void requireRefusal(HttpResponse<byte[]> response, int status, String error) {
    assertThat(response.statusCode()).as(Serving.text(response)).isEqualTo(status);
    assertThat(Serving.json(response).get("error").asText()).isEqualTo(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"prompt\": \"a\"} {} | something stands behind its end",
        "{\"prompt\": \"a\"} 1 | something stands behind its end",
        "{\"prompt\": \"a\"}} | Unexpected close marker '}': no open Object to close",
        "{\"prompt\": NaN} | NaN is no number of JSON",
        "{\"prompt\": \"a\", \"length\": [-Infinity]} | -Infinity is no number of JSON",
      })
  void jsonThatIsNone(String body, String reason) {
    byte[] sent = body.getBytes(StandardCharsets.UTF_8);
    requireRefusal(
        serving.post(MODEL + "generate", JSON, sent),
        400,
        "The body is no JSON object (" + reason + "); expected one.");
  }

  @Test
  void tensorsThatAreNoJson() {
    requireRefusal(
        serving.post(
            INFER, JSON, "{\"inputs\": [{\"data\": [NaN]}]}".getBytes(StandardCharsets.UTF_8)),
        400,
        "The request is no JSON (NaN is no number of JSON); expected that of the Open Inference"
            + " Protocol.");
    requireRefusal(
        serving.post(INFER, JSON, new byte[] {0, 0, -1, -2, 0, 0, 0, '{'}), // UTF-32, shuffled
        400,
        "The request cannot be read; expected JSON of the Open Inference Protocol.");
  }

  @ParameterizedTest
  @CsvSource({
    "predict,image/png",
    "predict,multipart/form-data; boundary=x",
    "generate,application/json",
    "generate,text/plain",
    "infer,application/json",
  })
  void encodings(String task, String type) throws IOException {
    String path = task.equals("infer") ? INFER : MODEL + task;
    HttpResponse<byte[]> response = encoded(path, type, "gzip", zipped(IMAGE));
    requireRefusal(
        response, 415, "The content encoding is gzip; expected none, the body as it is.");
    assertThat(response.headers().firstValue("Accept-Encoding")).contains("identity");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "Identity", ""})
  void noEncodingByItsNames(String none) {
    assertThat(encoded(MODEL + "predict", "image/png", none, IMAGE).statusCode()).isEqualTo(200);
  }

  private static byte[] zipped(byte[] content) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(content);
    }
    return zipped.toByteArray();
  }

  private static HttpResponse<byte[]> encoded(
      String path, String type, String encoding, byte[] body) {
    return serving.send(
        serving
            .to(path)
            .header("Content-Type", type)
            .header("Content-Encoding", encoding)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  /** So many options, and an image last. */
  private static HttpResponse<byte[]> parts(int options) {
    String option = "--x\r\nContent-Disposition: form-data; name=\"top\"\r\n\r\n2\r\n";
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(option.repeat(options).getBytes(StandardCharsets.UTF_8));
    body.writeBytes(
        "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(IMAGE);
    body.writeBytes("\r\n--x--\r\n".getBytes(StandardCharsets.UTF_8));
    return serving.post(MODEL + "predict", PARTS, body.toByteArray());
  }

  /** As many as there may be are read once each: in pairs, they kept a thread for a minute. */
  @Test
  void partsAreLimited() {
    assertThat(parts(999).statusCode()).isEqualTo(200);
    requireRefusal(
        parts(2000), 413, "The request has more than 1000 parts; expected at most those.");
  }
}
