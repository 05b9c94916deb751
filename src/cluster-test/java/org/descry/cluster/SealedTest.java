package org.descry.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is sent can be read by who has the key, and by nobody else, and not be changed. */
class SealedTest {
  private static final byte[] KEY = Secret.random();

  private static byte[] sent(byte[]... messages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OutputStream out = Sealed.to(new DataOutputStream(bytes), KEY);
    for (byte[] message : messages) {
      out.write(message);
      out.flush();
    }
    return bytes.toByteArray();
  }

  private static InputStream received(byte[] bytes, byte[] key) {
    return Sealed.from(new DataInputStream(new ByteArrayInputStream(bytes)), key);
  }

  @Test
  void whatIsSentArrivesWhateverItsLength() throws IOException {
    byte[] numbers = new byte[200_001];
    new Random(3).nextBytes(numbers);
    byte[] sent = sent("gradients".getBytes(StandardCharsets.US_ASCII), numbers, new byte[0]);
    InputStream in = received(sent, KEY);
    assertThat(new String(in.readNBytes(9), StandardCharsets.US_ASCII)).isEqualTo("gradients");
    assertThat(in.read()).isEqualTo(numbers[0] & 0xff);
    assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(numbers, 1, numbers.length));
    assertThat(new String(sent, StandardCharsets.ISO_8859_1)).doesNotContain("gradients");
  }

  @Test
  void whatWasChangedLeftOutOrSentAgainIsNoticed() throws IOException {
    byte[] one = {1, 2, 3};
    byte[] sent = sent(one, one);
    int record = sent.length / 2;
    for (int i = 4; i < sent.length; i += i == record - 1 ? 5 : 1) {
      byte[] changed = sent.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> received(changed, KEY).readAllBytes())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is not what has come");
    }
    byte[] leftOut = Arrays.copyOfRange(sent, record, sent.length);
    byte[] again = sent(one);
    byte[] twice = Arrays.copyOf(again, 2 * again.length);
    System.arraycopy(again, 0, twice, again.length, again.length);
    for (byte[] wrong : new byte[][] {leftOut, twice}) {
      assertThatThrownBy(() -> received(wrong, KEY).readAllBytes()).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> received(Arrays.copyOf(sent, 10), KEY).readAllBytes())
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> received(new byte[] {127, 0, 0, 0}, KEY).read())
        .hasMessageContaining("expected a record of at most");
  }

  @Test
  void whoHasAnotherKeyReadsNothing() throws IOException {
    byte[] sent = sent(new byte[] {1});
    assertThatThrownBy(() -> received(sent, Secret.random()).read())
        .isInstanceOf(IOException.class);
  }
}
