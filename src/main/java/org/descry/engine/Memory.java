package org.descry.engine;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Pointer;
import org.descry.MemoryException;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What arrays may take. JavaCPP's properties name the limits, but ND4J's buffers are none of those
 * that JavaCPP counts, and native code that gets no memory ends the JVM; so whoever is about to
 * make a large array asks here first.
 */
public final class Memory {
  /** JavaCPP's property with the most bytes of off-heap arrays. */
  public static final String ARRAYS = "org.bytedeco.javacpp.maxbytes";

  /** JavaCPP's property with the most bytes of the whole process. */
  public static final String PROCESS = "org.bytedeco.javacpp.maxphysicalbytes";

  /** Smaller arrays are not asked about: looking takes some microseconds. */
  private static final long LARGE = 32L << 20;

  private static final Pattern BYTES = Pattern.compile("(\\d{1,18})\\s*([tgmk]?)b?");
  private static final String UNITS = "kmgt";

  private Memory() {}

  /** The most bytes that arrays may take: what the property says, else half of the machine's. */
  public static long limit() {
    return limit(ARRAYS, machine() / 2);
  }

  /** Puts the limits into the properties that JavaCPP reads, unless they are there. */
  static void setLimits() {
    setUnlessSet(ARRAYS, machine() / 2);
    setUnlessSet(PROCESS, machine() / 10 * 9);
  }

  private static void setUnlessSet(String property, long value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Long.toString(value));
    }
  }

  /** The machine's memory in bytes. */
  public static long machine() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /** As JavaCPP reads it: a number and a unit; 0 for no limit. */
  private static long limit(String property, long usual) {
    String value = System.getProperty(property, "").strip().toLowerCase(Locale.ROOT);
    Matcher matcher = BYTES.matcher(value);
    if (!matcher.matches()) {
      return usual;
    }
    int unit = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
    long bytes = product(Long.parseLong(matcher.group(1)), 1L << 10 * unit);
    return bytes == 0 ? Long.MAX_VALUE : bytes;
  }

  /** The product; {@code Long.MAX_VALUE} where it is larger. Factors are at least 0. */
  public static long product(long... factors) {
    if (Arrays.stream(factors).anyMatch(factor -> factor == 0)) {
      return 0;
    }
    long product = 1;
    for (long factor : factors) {
      if (factor < 0 || product > Long.MAX_VALUE / factor) {
        return Long.MAX_VALUE;
      }
      product *= factor;
    }
    return product;
  }

  /** The sum; {@code Long.MAX_VALUE} where it is larger. Both are at least 0. */
  public static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /**
   * Makes sure that there is room for an array.
   *
   * @throws MemoryException if it alone is larger than the limit on arrays, or if with it the
   *     process would be larger than its limit
   */
  public static void require(DataType type, long... shape) {
    long bytes = product(product(shape), Math.max(1, type.width()));
    if (bytes < LARGE) {
      return;
    }
    long most = limit();
    if (bytes > most) {
      throw tooLarge("An array of " + dimensions(shape) + " " + type, bytes, most);
    }
    long process = limit(PROCESS, Long.MAX_VALUE);
    if (process < Long.MAX_VALUE && sum(Pointer.physicalBytes(), bytes) > process) {
      throw new MemoryException(
          "An array of %s %s needs %s beside the %s that the program takes; expected at most %s in all (-D%s): a smaller batch or model."
              .formatted(
                  dimensions(shape),
                  type,
                  words(bytes),
                  words(Pointer.physicalBytes()),
                  words(process),
                  PROCESS));
    }
  }

  /** The exception for something that needs more than the limit on arrays. */
  public static MemoryException tooLarge(String what, long bytes, long limit) {
    return new MemoryException(
        "%s needs %s of memory; expected at most %s (-D%s): a smaller batch, image or model."
            .formatted(what, words(bytes), words(limit), ARRAYS));
  }

  private static String dimensions(long... shape) {
    return Arrays.toString(shape).replace(", ", " x ").replaceAll("[\\[\\]]", "");
  }

  /** Bytes as people say them: {@code 14.4 GB}. */
  public static String words(long bytes) {
    if (bytes == Long.MAX_VALUE) {
      return "more than 8 million TB";
    }
    double number = bytes;
    int unit = 0;
    for (; number >= 1000 && unit < UNITS.length(); unit++) {
      number /= 1000;
    }
    return unit == 0
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%,.1f %sB", number, "kMGT".charAt(unit - 1));
  }
}
