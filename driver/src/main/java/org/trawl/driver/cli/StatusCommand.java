package org.trawl.driver.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.trawl.driver.report.Numbers;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunFolders;
import org.trawl.driver.results.RunStatus;
import org.trawl.driver.results.Session;
import org.trawl.driver.results.Status;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trawl status RUN} */
@Command(
    name = "status",
    description =
        "Tells how far a run is: trials by status, best so far, time left. Without RUN, of each run"
            + " under runs/ in a line.")
final class StatusCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "a folder, an address or a name under runs/")
  private Optional<String> run = Optional.empty();

  @Mixin private FormatOption format;

  @Override
  public Integer call() {
    Instant now = Instant.now();
    if (run.isEmpty()) {
      return printAll(now);
    }
    RunStatus status = RunStatus.of(RunFolders.find(run.get()), now);
    if (format.forPeople()) {
      format.note(text(status, now));
    } else {
      List<Map<String, Object>> rows = rows(status);
      format.print(List.copyOf(rows.get(0).keySet()), rows);
    }
    return ExitCode.DONE;
  }

  /** All runs; one that cannot be read is told, and the others are listed. */
  private int printAll(Instant now) {
    List<Map<String, Object>> all = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (RunFolder folder : RunFolders.all()) {
      try {
        RunStatus status = RunStatus.of(folder, now);
        for (Map<String, Object> row : format.forPeople() ? lines(status, now) : rows(status)) {
          Map<String, Object> named = new LinkedHashMap<>();
          named.put("run", folder.name());
          named.putAll(row);
          all.add(named);
        }
      } catch (InputException | InfrastructureException unreadable) {
        problems.add(folder.name() + ": " + unreadable.getMessage());
      }
    }
    if (all.isEmpty() && problems.isEmpty()) {
      format.remark("There is no run under runs/.");
      return ExitCode.DONE;
    }
    Set<String> columns = new LinkedHashSet<>();
    all.forEach(row -> columns.addAll(row.keySet()));
    format.print(List.copyOf(columns), all);
    problems.forEach(format::remark);
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.WRONG_INPUT;
  }

  /** A line for people, or of several data sets one for the best trial of each. */
  private static List<Map<String, Object>> lines(RunStatus status, Instant now) {
    List<Map<String, Object>> lines = new ArrayList<>();
    List<Optional<RunStatus.Best>> bests = new ArrayList<>();
    status.best().forEach(best -> bests.add(Optional.of(best)));
    for (Optional<RunStatus.Best> best :
        bests.isEmpty() ? List.of(Optional.<RunStatus.Best>empty()) : bests) {
      Map<String, Object> line = new LinkedHashMap<>();
      boolean first = lines.isEmpty();
      String finished = String.format(Locale.ROOT, "%d of %d", status.finished(), status.trials());
      line.put("finished", first ? finished : "");
      line.put("state", first ? state(status) : "");
      line.put("changed", first ? TimeText.of(age(status, now)) + " ago" : "");
      line.put("best trial", best.map(RunStatus.Best::trial).orElse(""));
      best.ifPresent(found -> line.put(found.objective().metric(), Numbers.metric(found.value())));
      lines.add(line);
    }
    return lines;
  }

  private static String state(RunStatus status) {
    return status.finished() == status.trials()
        ? "over"
        : status.sessions().isEmpty() ? "can go on" : "under way";
  }

  /** A row, or of several data sets one for the best trial of each. */
  private static List<Map<String, Object>> rows(RunStatus status) {
    return status.best().size() < 2
        ? List.of(row(status, status.best().stream().findFirst()))
        : status.best().stream()
            .map(
                best -> {
                  Map<String, Object> row = row(status, Optional.of(best));
                  row.put("data", best.data());
                  return row;
                })
            .toList();
  }

  private static Map<String, Object> row(RunStatus status, Optional<RunStatus.Best> best) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("sweep", status.sweep());
    row.put("trials", status.trials());
    row.put("finished", status.finished());
    for (Status each : Status.values()) {
      row.put(each.name().toLowerCase(Locale.ROOT), status.counts().getOrDefault(each, 0));
    }
    row.put("objective", best.map(RunStatus.Best::objective).orElse(status.objective()).metric());
    row.put("best", best.map(RunStatus.Best::value).orElse(null));
    row.put("best_trial", best.map(RunStatus.Best::trial).orElse(null));
    row.put("seconds_left", status.left().map(Duration::toSeconds).orElse(null));
    row.put("changed", status.changed());
    return row;
  }

  /** What changed since it was looked at is new, whatever other machines' clocks say. */
  private static Duration age(RunStatus status, Instant now) {
    Duration age = Duration.between(status.changed(), now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  private static String text(RunStatus status, Instant now) {
    Duration age = age(status, now);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %d of %d trials finished (%s)",
            status.sweep(),
            status.finished(),
            status.trials(),
            counts(status)));
    for (RunStatus.Best best : status.best()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%nBest so far%s: %s, %s %s%s",
              status.best().size() == 1 ? "" : " on " + best.data(),
              best.trial(),
              best.objective().metric(),
              Numbers.metric(best.value()),
              best.equals() == 1
                  ? ""
                  : String.format(Locale.ROOT, " (the first of %d equal trials)", best.equals())));
    }
    text.append("%nLast change %s ago".formatted(TimeText.of(age)));
    if (status.finished() == status.trials()) {
      return text.toString();
    } else if (status.sessions().isEmpty()) {
      text.append("; no run is at it: run the sweep file again to go on");
    }
    status.left().ifPresent(left -> text.append(", about %s left".formatted(TimeText.about(left))));
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
