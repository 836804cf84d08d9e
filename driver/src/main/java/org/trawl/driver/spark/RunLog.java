package org.trawl.driver.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.RunFolder;

/**
 * The file run.log of a run's folder: everything that is logged while it is open, and what is
 * written to {@link #logger()}, which goes nowhere else. A folder that is not on this machine gets
 * it when it is closed.
 */
final class RunLog implements AutoCloseable {
  private static final String FILE = "run.log";
  private static final String LOGGER = "org.trawl.run";

  private final RunFolder folder;
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
    } catch (IOException failure) {
      throw new InfrastructureException("Cannot write a log: " + failure.getMessage(), failure);
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
    appender.start();
    LoggerConfig own = new LoggerConfig(LOGGER, Level.INFO, false);
    own.addAppender(appender, null, null);
    configuration.addLogger(LOGGER, own);
    configuration.getRootLogger().addAppender(appender, null, null);
    context.updateLoggers();
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
