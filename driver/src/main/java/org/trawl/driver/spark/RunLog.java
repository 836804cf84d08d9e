package org.trawl.driver.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.ErrorHandler;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.Refusal;
import org.trawl.driver.results.RunFolder;

/**
 * The file run.log of a run's folder: everything that is logged while it is open, and what is
 * written to {@link #logger()}, which goes nowhere else. A folder that is not on this machine gets
 * it when it is closed.
 */
final class RunLog implements AutoCloseable {
  private static final String FILE = "run.log";
  private static final String LOGGER = "org.trawl.run";

  private static final Logger LOG = LogManager.getLogger(RunLog.class);

  private final RunFolder folder;
  private final Refusals refusals = new Refusals();
  private final Path file;
  private final FileAppender appender;
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);

  RunLog(RunFolder folder) {
    this.folder = folder;
    try {
      this.file =
          folder.local()
              ? Path.of(folder.address()).resolve(FILE)
              : Files.createTempFile("trawl-", ".log");
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (IOException failure) {
      throw new InfrastructureException(
          "Cannot write a log into %s (%s). Let its %s be written, and run again."
              .formatted(folder, Refusal.reason(failure), FILE),
          failure);
    }
    Configuration configuration = context.getConfiguration();
    appender =
        FileAppender.newBuilder()
            .setName(file.toString())
            .withFileName(file.toString())
            .setLayout(
                PatternLayout.newBuilder()
                    .withConfiguration(configuration)
                    .withPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p %c{1}: %m%n%ex")
                    .withCharset(StandardCharsets.UTF_8)
                    .build())
            .setConfiguration(configuration)
            .build();
    appender.setHandler(refusals);
    appender.start();
    LoggerConfig own = new LoggerConfig(LOGGER, Level.INFO, false);
    own.addAppender(appender, null, null);
    configuration.addLogger(LOGGER, own);
    configuration.getRootLogger().addAppender(appender, null, null);
    context.updateLoggers();
  }

  /** Of what the disk refuses, which the console would get with its stack trace, line by line. */
  private static final class Refusals implements ErrorHandler {
    private final AtomicReference<String> last = new AtomicReference<>();

    @Override
    public void error(String message) {
      last.set(message);
    }

    @Override
    public void error(String message, Throwable thrown) {
      Throwable cause = thrown;
      while (cause != null && cause.getCause() != null) {
        cause = cause.getCause();
      }
      last.set(cause instanceof IOException failure ? Refusal.reason(failure) : message);
    }

    @Override
    public void error(String message, LogEvent event, Throwable thrown) {
      error(message, thrown);
    }
  }

  /** For what belongs in the file alone. */
  Logger logger() {
    return LogManager.getLogger(LOGGER);
  }

  @Override
  public void close() {
    Configuration configuration = context.getConfiguration();
    configuration.getRootLogger().removeAppender(appender.getName());
    configuration.removeLogger(LOGGER);
    context.updateLoggers();
    appender.stop();
    if (refusals.last.get() != null) {
      LOG.warn("{} is not complete: {}", file, refusals.last.get());
    }
    if (!folder.local()) {
      try {
        folder.replace(FILE, folder.text(FILE).orElse("") + Files.readString(file));
        Files.delete(file);
      } catch (IOException failure) {
        throw new InfrastructureException("Cannot read the log: " + failure.getMessage(), failure);
      }
    }
  }
}
