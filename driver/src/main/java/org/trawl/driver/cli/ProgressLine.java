package org.trawl.driver.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.trawl.driver.report.Numbers;
import org.trawl.driver.spark.SweepRun;
import org.trawl.driver.spark.SweepRun.Progress;

/**
 * Shows how far a run is: on a terminal one line that is written over, elsewhere a line now and
 * then.
 */
final class ProgressLine implements SweepRun.Observer, AutoCloseable {
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final Duration ON_TERMINAL = Duration.ofMillis(250);
  private static final Duration ELSEWHERE = Duration.ofSeconds(5);

  private static final int EPOCHS_SHOWN = 4;

  private final String metric;
  private final PrintWriter out;
  private final boolean terminal = Terminal.present();
  private final long interval = (terminal ? ON_TERMINAL : ELSEWHERE).toNanos();
  private long next = System.nanoTime();

  ProgressLine(String metric, PrintWriter out) {
    this.metric = metric;
    this.out = out;
  }

  @Override
  public void progress(Progress progress) {
    if (System.nanoTime() - next < 0) {
      return;
    }
    next = System.nanoTime() + interval;
    if (terminal) {
      out.print(ERASE_LINE + line(progress));
    } else {
      out.println(line(progress));
    }
    out.flush();
  }

  /** Leaves the terminal with an empty line. */
  @Override
  public void close() {
    if (terminal) {
      out.print(ERASE_LINE);
      out.flush();
    }
  }

  private String line(Progress progress) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%d of %d done, %d running",
            progress.finished(),
            progress.trials(),
            progress.running().size()));
    String epochs =
        progress.running().stream()
            .filter(trial -> trial.epochs() > 1 && trial.epoch() > 0)
            .limit(EPOCHS_SHOWN)
            .map(trial -> String.format(Locale.ROOT, "%d/%d", trial.epoch(), trial.epochs()))
            .collect(Collectors.joining(", "));
    if (!epochs.isEmpty()) {
      line.append(" (epoch %s)".formatted(epochs));
    }
    if (progress.failed() > 0) {
      line.append(String.format(Locale.ROOT, ", %d failed", progress.failed()));
    }
    progress
        .best()
        .ifPresent(best -> line.append(", best %s %s".formatted(metric, Numbers.metric(best))));
    progress
        .left()
        .ifPresent(left -> line.append(", about %s left".formatted(TimeText.about(left))));
    return line.toString();
  }
}
