package org.descry.cluster;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the processes of one run know one another by; Spark brings it to them.
 *
 * @param encrypts whether what they send is encrypted, too
 */
record Secret(byte[] key, boolean encrypts) implements Serializable {
  /** Bytes of a key, a number drawn and a hash. */
  static final int SIZE = 32;

  private static final long serialVersionUID = 1L;
  private static final String HASH = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new one. */
  static Secret draw(boolean encrypts) {
    return new Secret(random(), encrypts);
  }

  /** Bytes that nobody can foresee. */
  static byte[] random() {
    byte[] bytes = new byte[SIZE];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** The hash, which only who knows the key can say, of a purpose and numbers that were drawn. */
  byte[] hash(String purpose, byte[]... drawn) {
    try {
      Mac mac = Mac.getInstance(HASH);
      mac.init(new SecretKeySpec(key, HASH));
      for (byte[] bytes : drawn) {
        mac.update(bytes);
      }
      mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
