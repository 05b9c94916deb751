package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Damages files, and holds their readers to an answer or a sentence, soon. */
public final class Damage {
  private static final int HANG_SECONDS = 10;
  private static final int HEADER = 256;

  // What damage to a text is likeliest to be taken for something.
  private static final List<String> TOKENS =
      List.of(
          "\"",
          "{",
          "}",
          "[",
          "]",
          ",",
          "|",
          "\t",
          "\n",
          "\r",
          "#0\t",
          "null",
          "true",
          "1e999",
          "1e-999999999",
          "99999999999999999999999",
          "-7",
          "\\",
          "\\ud800",
          "\u001b[2J",
          "\0",
          "../",
          "/",
          "'",
          "(",
          ")",
          "L",
          "True",
          "False",
          ">",
          "O",
          "f2",
          "PK",
          "...",
          "\uFEFF",
          "valid");

  private Damage() {}

  /** Bits turned, bytes written over, pieces cut out, doubled and put in. */
  public static byte[] ofText(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole;
    for (int i = random.nextInt(1, 5); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      int end = Math.min(bytes.length, at + random.nextInt(1, 20));
      byte[] token = TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
      bytes =
          switch (random.nextInt(7)) {
            case 0 -> flipped(bytes, at, random);
            case 1 -> spliced(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
            case 2 -> spliced(bytes, at, end, new byte[0]);
            case 3 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
            case 4 -> spliced(bytes, at, at, token);
            case 5 -> spliced(bytes, at, Math.min(bytes.length, at + token.length), token);
            default -> Arrays.copyOf(bytes, random.nextInt(8) == 0 ? at : bytes.length);
          };
    }
    return bytes;
  }

  /** Bits, bytes, numbers at their limits, cuts, holes and repeats, the half of them in headers. */
  public static byte[] ofBinary(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole;
    for (int i = random.nextInt(1, 4); i > 0 && bytes.length > 8; i--) {
      int at = random.nextInt(random.nextBoolean() ? Math.min(bytes.length, HEADER) : bytes.length);
      int end = Math.min(bytes.length, at + random.nextInt(1, 9));
      byte[] ones = new byte[end - at];
      Arrays.fill(ones, (byte) 0xff);
      bytes =
          switch (random.nextInt(7)) {
            case 0 -> flipped(bytes, at, random);
            case 1 -> spliced(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
            case 2 -> spliced(bytes, at, end, ones);
            case 3 -> spliced(bytes, at, end, new byte[end - at]);
            case 4 -> Arrays.copyOf(bytes, at + 1);
            case 5 -> spliced(bytes, at, end, new byte[0]);
            default -> spliced(bytes, end, end, Arrays.copyOfRange(bytes, at, end));
          };
    }
    return bytes;
  }

  private static byte[] flipped(byte[] bytes, int at, SplittableRandom random) {
    byte[] copy = bytes.clone();
    copy[at] ^= (byte) (1 << random.nextInt(8));
    return copy;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
    byte[] out = new byte[from + piece.length + bytes.length - to];
    System.arraycopy(bytes, 0, out, 0, from);
    System.arraycopy(piece, 0, out, from, piece.length);
    System.arraycopy(bytes, to, out, from + piece.length, bytes.length - to);
    return out;
  }

  /**
   * What a reader makes of something, or null where it refused it as {@code refusal} with a message
   * for people; fails where it throws anything else or takes long.
   */
  public static <T> T readOrRefused(
      Callable<T> reader, Class<? extends Exception> refusal, String what) {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      return thread.submit(reader).get(HANG_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).as(what).isInstanceOf(refusal);
      String message = e.getCause().getMessage();
      assertThat(message).as(what).hasSizeBetween(10, 1000).doesNotContain("Exception", "bug");
      assertThat(message.chars().anyMatch(Character::isISOControl)).as(message).isFalse();
      return null;
    } catch (TimeoutException e) {
      return fail("%s: not read in %d seconds".formatted(what, HANG_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted");
    } finally {
      thread.shutdownNow();
    }
  }
}
