package org.trawl.driver.results;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.trawl.driver.sweep.Addresses;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Nearest;

/** The runs under runs/, and elsewhere: how a run or a trial is found by what people call it. */
public final class RunFolders {
  private static final Path RUNS = Path.of("runs");

  private RunFolders() {}

  /** The folder where a sweep's run lies unless another is given. */
  public static RunFolder ofSweep(String name) {
    return RunFolder.at(RUNS.resolve(name).toString());
  }

  /**
   * A run's folder.
   *
   * @param run a folder, an address or a name under runs/
   * @throws InputException if there is no run, with the nearest names
   */
  public static RunFolder find(String run) {
    RunFolder folder = RunFolder.at(run);
    if (folder.holdsRun()) {
      return folder;
    }
    boolean name = !Addresses.hasScheme(run) && !run.isBlank() && !Path.of(run).isAbsolute();
    if (name && ofSweep(run).holdsRun()) {
      return ofSweep(run);
    }
    if (folder.holdsResults() || (name && ofSweep(run).holdsResults())) {
      throw new InputException(
          "Cannot read the run %s: its %s is missing. Run its sweep file again, which makes it anew"
              .formatted(run, Provenance.FILE));
    }
    List<String> names = all().stream().map(RunFolder::name).toList();
    throw new InputException(
        "Cannot find a run: %s%s. Expected a run's folder, its address or a name under %s/%s"
            .formatted(
                run,
                Nearest.suggestion(run, names),
                RUNS,
                names.isEmpty() ? ", which holds none yet" : ": " + shortened(names)));
  }

  /** {@link #find}, of a run as well that has not written anything yet but that somebody is at. */
  public static RunFolder findStarting(String run) {
    boolean name = !Addresses.hasScheme(run) && !run.isBlank() && !Path.of(run).isAbsolute();
    return Stream.of(RunFolder.at(run), name ? ofSweep(run) : RunFolder.at(run))
        .filter(folder -> !folder.holdsRun() && !folder.sessions().alive(Instant.now()).isEmpty())
        .findFirst()
        .orElseGet(() -> find(run));
  }

  /** The runs under runs/, by name. */
  public static List<RunFolder> all() {
    List<RunFolder> runs = new ArrayList<>();
    if (Files.isDirectory(RUNS)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(RUNS)) {
        folders.forEach(folder -> runs.add(RunFolder.at(folder.toString())));
      } catch (IOException failure) {
        throw new InfrastructureException(
            "Cannot list %s: %s".formatted(RUNS, failure.getMessage()), failure);
      }
    }
    runs.removeIf(run -> !run.holdsRun());
    runs.sort(Comparator.comparing(RunFolder::name));
    return runs;
  }

  /**
   * A trial, and the run that holds it.
   *
   * @param folder the run; of several that hold the trial, one where it is finished
   * @param trial its whole hash
   */
  public record FoundTrial(RunFolder folder, String trial) {}

  /**
   * The one trial whose hash begins so.
   *
   * @param runs where to look
   * @throws InputException if there is none, or more than one
   */
  public static FoundTrial findTrial(String prefix, List<RunFolder> runs) {
    String wanted = prefix.strip().toLowerCase(Locale.ROOT);
    if (wanted.isEmpty()) {
      throw new InputException(
          "Cannot find a trial: expected the beginning of its hash, found nothing");
    }
    List<FoundTrial> found = new ArrayList<>();
    List<FoundTrial> finished = new ArrayList<>();
    for (RunFolder run : runs) {
      for (Map<String, Object> row : run.rows(Table.TRIALS, List.of("trial", "status"))) {
        if (((String) row.get("trial")).startsWith(wanted)) {
          FoundTrial trial = new FoundTrial(run, (String) row.get("trial"));
          found.add(trial);
          if (Status.valueOf((String) row.get("status")).finished()) {
            finished.add(trial);
          }
        }
      }
    }
    Set<String> hashes = new LinkedHashSet<>();
    found.forEach(trial -> hashes.add(trial.trial()));
    if (hashes.isEmpty()) {
      throw new InputException(
          "Cannot find a trial: %s. Expected the beginning of a trial's hash in %s"
              .formatted(prefix, shortened(runs.stream().map(RunFolder::address).toList())));
    } else if (hashes.size() > 1) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot tell which trial: %s. It is the beginning of %d: %s",
              prefix,
              hashes.size(),
              shortened(List.copyOf(hashes))));
    }
    return Stream.concat(finished.stream(), found.stream()).findFirst().orElseThrow();
  }

  private static String shortened(List<String> names) {
    int shown = Math.min(names.size(), 8);
    return String.join(", ", names.subList(0, shown)) + (shown < names.size() ? ", …" : "");
  }
}
