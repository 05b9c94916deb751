package org.descry.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Chooses the native binary of ND4J before ND4J loads. */
public final class Engine {
  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  private Engine() {}

  /**
   * Chooses the binary unless the system property already does; call it before the first touch of
   * ND4J.
   */
  public static void start() {
    if (System.getProperty(EXTENSION) == null) {
      System.setProperty(EXTENSION, extension());
    }
  }

  private static String extension() {
    try {
      String cpu = Files.readString(Path.of("/proc/cpuinfo"));
      return cpu.contains("avx512dq")
          ? "-onednn-avx512"
          : cpu.contains("avx2") ? "-onednn-avx2" : "-onednn";
    } catch (IOException e) {
      return "";
    }
  }
}
