package org.descry.engine.dnn;

import java.util.Locale;
import org.bytedeco.javacpp.Loader;
import org.descry.io.Unpacking;

/**
 * Whether float32 operations go to oneDNN directly. They do where its library is on the class path
 * and loads, unless the environment variable {@code DESCRY_DNN} says {@code off}; everything else
 * (float64, other platforms, shapes for which oneDNN has no fast implementation) is ND4J's.
 */
public final class Dnn {
  /** Environment variable that turns the direct calls off. */
  public static final String VARIABLE = "DESCRY_DNN";

  private static final String STATE = load(System.getenv(VARIABLE));
  private static volatile boolean on = STATE.equals("on");

  private Dnn() {}

  /** Whether the direct calls are on. The engine has to be started before. */
  public static boolean on() {
    return on;
  }

  /** {@code on}, or why not. */
  public static String state() {
    return STATE.equals("on") && !on ? "off" : STATE;
  }

  /**
   * Turns the direct calls on or off, for comparisons of the two; has no effect where the library
   * is absent.
   *
   * @return whether they were on before
   */
  public static boolean set(boolean wanted) {
    boolean before = on;
    on = wanted && STATE.equals("on");
    return before;
  }

  private static String load(String wanted) {
    if (wanted != null && wanted.strip().toLowerCase(Locale.ROOT).equals("off")) {
      return "off (" + VARIABLE + ")";
    }
    if (Dnn.class.getResource(Library.RESOURCE) == null) {
      return "off (its library is not on the class path)";
    }
    try {
      return Library.ENGINE != 0 ? "on" : "off (its engine does not start)";
    } catch (LinkageError e) {
      // Without it the bits are others: a disk that is full must not decide about them.
      Unpacking.requireDisk(e, () -> Loader.getCacheDir().toPath());
      return "off (its library does not load: " + e.getMessage() + ")";
    } catch (DnnException e) {
      return "off (its library does not load: " + e.getMessage() + ")";
    }
  }
}
