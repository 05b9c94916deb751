package org.descry.train;

import org.nd4j.linalg.factory.Nd4j;

/** Which engine the results were computed on. */
final class EngineFacts {
  private EngineFacts() {}

  static String binary() {
    String extension = System.getProperty("org.bytedeco.javacpp.platform.extension", "");
    return extension.isEmpty() ? "plain" : extension.substring(1);
  }

  static int threads() {
    return Nd4j.getEnvironment().maxThreads();
  }
}
