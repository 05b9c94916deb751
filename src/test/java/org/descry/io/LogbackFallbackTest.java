package org.descry.io;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Context;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LogbackFallbackTest {
  /** The level of Logback's root in a program that has Descry and, if anything, this folder. */
  private static String level(Path... folders) throws Exception {
    return level(false, folders);
  }

  /**
   * @param own whether it is Descry's own program
   */
  private static String level(boolean own, Path... folders) throws Exception {
    List<URL> path = new ArrayList<>();
    for (Path folder : folders) {
      path.add(folder.toUri().toURL());
    }
    for (Class<?> type :
        List.of(LogbackFallback.class, LoggerContext.class, Context.class, LoggerFactory.class)) {
      path.add(type.getProtectionDomain().getCodeSource().getLocation());
    }
    try (URLClassLoader program =
        new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      if (own) {
        program.loadClass(Logging.class.getName()).getMethod("start").invoke(null);
      }
      Object root =
          program
              .loadClass(LoggerFactory.class.getName())
              .getMethod("getLogger", String.class)
              .invoke(null, "ROOT");
      return root.getClass().getMethod("getLevel").invoke(root).toString();
    }
  }

  @Test
  void programsWithoutConfigurationSeeWarningsAlone() throws Exception {
    assertThat(level()).isEqualTo("WARN");
  }

  @Test
  void configurationOfAProgramHolds(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("logback.xml"), "<configuration><root level='TRACE'/></configuration>");
    assertThat(level(folder)).isEqualTo("TRACE");
    assertThat(level(true, folder)).isEqualTo("WARN"); // of a program, not of Descry's own
  }
}
