package org.descry.io;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Warnings on standard error, for programs that have Logback and no configuration of it: by itself
 * it prints all that libraries tell it, on standard output. Logback finds this among the services.
 */
@ConfiguratorRank(ConfiguratorRank.FALLBACK)
public final class LogbackFallback extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    // Logback asks services before it looks for what the program has configured.
    DefaultJoranConfigurator programs = new DefaultJoranConfigurator();
    programs.setContext(loggers);
    if (programs.configure(loggers) == ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY) {
      return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
    JoranConfigurator fallback = new JoranConfigurator();
    fallback.setContext(loggers);
    try {
      fallback.doConfigure(LogbackFallback.class.getResource("/" + Logging.RESOURCE));
      return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    } catch (JoranException e) {
      addError("expected " + Logging.RESOURCE + " to configure Logback", e);
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
  }
}
