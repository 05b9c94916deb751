package org.descry.testing;

import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.util.concurrent.Callable;
import org.descry.engine.Engine;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Chooses the native binary before any test touches ND4J, and refuses Java's deserialisation in all
 * tests, as the command line does in its process, so that nothing comes to need it unseen.
 */
public final class EngineSession implements LauncherSessionListener {
  // Inherited, for a program may start threads.
  private static final ThreadLocal<Boolean> DESERIALISES = new InheritableThreadLocal<>();

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (ObjectInputFilter.Config.getSerialFilter() == null) { // a test may open sessions of its own
      ObjectInputFilter.Config.setSerialFilter(
          info -> DESERIALISES.get() != null ? Status.UNDECIDED : Status.REJECTED);
    }
    Engine.start();
  }

  /** For what a test shows of programs that deserialise. */
  public static <T> T deserialising(Callable<T> program) throws Exception {
    DESERIALISES.set(true);
    try {
      return program.call();
    } finally {
      DESERIALISES.remove();
    }
  }
}
