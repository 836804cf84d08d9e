package org.trawl.driver.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.trawl.driver.report.Numbers;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunStatus;
import org.trawl.driver.results.Session;
import org.trawl.driver.results.Status;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trawl status RUN} */
@Command(
    name = "status",
    description = "Tells how far a run is: trials by status, best so far, time left.")
final class StatusCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "a folder, an address or a name under runs/")
  private String run;

  @Mixin private FormatOption format;

  @Override
  public Integer call() {
    Instant now = Instant.now();
    RunStatus status = RunStatus.of(RunFolder.find(run), now);
    Map<String, Object> row = row(status);
    if (format.forPeople()) {
      format.note(text(status, now));
    } else {
      format.print(List.copyOf(row.keySet()), List.of(row));
    }
    return ExitCode.DONE;
  }

  private static Map<String, Object> row(RunStatus status) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("sweep", status.sweep());
    row.put("trials", status.trials());
    row.put("finished", status.finished());
    for (Status each : Status.values()) {
      row.put(each.name().toLowerCase(Locale.ROOT), status.counts().getOrDefault(each, 0));
    }
    row.put("objective", status.objective().metric());
    row.put("best", status.best().map(RunStatus.Best::value).orElse(null));
    row.put("best_trial", status.best().map(RunStatus.Best::trial).orElse(null));
    row.put("seconds_left", status.left().map(Duration::toSeconds).orElse(null));
    row.put("changed", status.changed());
    return row;
  }

  private static String text(RunStatus status, Instant now) {
    Duration age = Duration.between(status.changed(), now);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %d of %d trials finished (%s)",
            status.sweep(),
            status.finished(),
            status.trials(),
            counts(status)));
    status
        .best()
        .ifPresent(
            best ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%nBest so far: %s, %s %s",
                        best.trial(),
                        status.objective().metric(),
                        Numbers.metric(best.value()))));
    text.append("%nLast change %s ago".formatted(ProgressLine.text(age)));
    if (status.finished() == status.trials()) {
      return text.toString();
    } else if (status.sessions().isEmpty()) {
      text.append("; no run is at it: run the sweep file again to go on");
    }
    status
        .left()
        .ifPresent(left -> text.append(", about %s left".formatted(ProgressLine.text(left))));
    for (Session session : status.sessions()) {
      text.append(String.format(Locale.ROOT, "%nProcess %d on %s", session.pid(), session.host()));
      session
          .running()
          .forEach(
              trial ->
                  text.append(
                      String.format(
                          Locale.ROOT,
                          "%n  %s  epoch %d of %d",
                          trial.trial(),
                          trial.epoch(),
                          trial.epochs())));
    }
    return text.toString();
  }

  private static String counts(RunStatus status) {
    return status.counts().entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey().name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
