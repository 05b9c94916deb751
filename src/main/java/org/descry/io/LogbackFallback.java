package org.descry.io;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;

/**
 * Logging of the program itself, and of programs that have Logback and no configuration of it: by
 * itself it prints all that libraries tell it, on standard output. Here results stand on standard
 * output, and warnings alone on standard error. Set up in code, since a file of XML takes longer
 * than all else of Logback. Logback finds this among the services.
 */
@ConfiguratorRank(ConfiguratorRank.FALLBACK)
public final class LogbackFallback extends ContextAwareBase implements Configurator {
  /** What a terminal would obey in names from strangers' files is not printed. */
  private static final String LINES =
      "%replace(%level %logger{0}: %msg%n%throwable)"
          + "{'[\\x00-\\x08\\x0B-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069]', '?'}%nopex";

  private static final Map<String, Level> LEVELS =
      Map.of(
          // Its table of TensorFlow's operations, which nobody asked for.
          "org.nd4j.imports.converters.ImportClassMapping",
          Level.ERROR,
          // It warns with a stack trace when a genetic search has tried all there is.
          "org.deeplearning4j.arbiter",
          Level.ERROR,
          "org.descry.serve",
          Level.INFO,
          // Of a cluster: whatever is lost is told in a sentence.
          "org.apache.spark",
          Level.OFF,
          "org.apache.hadoop",
          Level.ERROR);

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    // Logback asks services before it looks for what the program has configured.
    if (Logging.own() || !configuredOtherwise(loggers)) {
      configureHere(loggers);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static boolean configuredOtherwise(LoggerContext loggers) {
    DefaultJoranConfigurator programs = new DefaultJoranConfigurator();
    programs.setContext(loggers);
    return programs.configure(loggers) == ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static void configureHere(LoggerContext loggers) {
    LEVELS.forEach((name, level) -> loggers.getLogger(name).setLevel(level));
    Logger access = loggers.getLogger("org.descry.access"); // a line of JSON for each request
    access.setLevel(Level.INFO);
    access.setAdditive(false);
    access.addAppender(console(loggers, ConsoleTarget.SystemOut, lines(loggers, "%msg%n")));
    Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    boolean json = "json".equals(System.getProperty(Logging.FORMAT));
    root.addAppender(
        console(loggers, ConsoleTarget.SystemErr, json ? json(loggers) : lines(loggers, LINES)));
  }

  private static Appender<ILoggingEvent> console(
      LoggerContext loggers, ConsoleTarget where, Encoder<ILoggingEvent> encoder) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(loggers);
    appender.setTarget(where.getName());
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static Encoder<ILoggingEvent> lines(LoggerContext loggers, String pattern) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(loggers);
    encoder.setPattern(pattern);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> json(LoggerContext loggers) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(loggers);
    encoder.start();
    return encoder;
  }
}
