package org.descry.testing;

import org.descry.engine.Engine;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Chooses the native binary before any test touches ND4J. */
public final class EngineSession implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Engine.start();
  }
}
