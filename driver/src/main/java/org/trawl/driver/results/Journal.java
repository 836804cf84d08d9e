package org.trawl.driver.results;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.trawl.driver.plan.PlannedTrial;

/**
 * What a run has finished: the only truth of its folder. A file of {@code journal/} is a {@link
 * Segment}; its existence says that its epochs are finished, so what is left to do follows from a
 * listing. Attempts that ended without a segment are files of {@code attempts/}, named by trial and
 * number.
 *
 * <p>Any number of drivers and executors may write at the same time: a file never changes, and of
 * two that publish the same segment the first one's stays.
 */
public final class Journal {
  private static final String SEGMENTS = "journal";
  private static final String ATTEMPTS = "attempts";

  private static final Pattern ATTEMPT = Pattern.compile("([0-9a-z]+)-([0-9]+)\\.parquet");

  private final FileStorage storage;

  Journal(FileStorage storage) {
    this.storage = storage;
  }

  /** The hashes of those trials that are finished; one listing. */
  public Set<String> finished(Collection<PlannedTrial> trials) {
    Set<String> files = new HashSet<>();
    storage.list(SEGMENTS).forEach(entry -> files.add(entry.name()));
    return trials.stream()
        .filter(trial -> files.contains(fileName(trial)))
        .map(PlannedTrial::trial)
        .collect(Collectors.toSet());
  }

  /**
   * Keeps a segment; the bytes of its file: those of the first that was published under its name.
   */
  public byte[] publish(Segment segment) {
    String path = SEGMENTS + "/" + segment.fileName();
    byte[] bytes = segment.encode();
    return storage.publish(path, bytes) ? bytes : storage.read(path).orElse(bytes);
  }

  /** The segment of a trial; empty if it is not finished. */
  public Optional<Segment> segment(PlannedTrial trial) {
    String path = SEGMENTS + "/" + fileName(trial);
    return storage.read(path).map(bytes -> decode(path, bytes));
  }

  /**
   * Keeps an attempt that ended without a segment, under the next free number from its own on; what
   * was kept.
   */
  public Attempt record(Attempt attempt) {
    Attempt numbered = attempt;
    while (!storage.publish(path(numbered), encode(numbered))) {
      numbered = numbered.numbered(numbered.number() + 1);
    }
    return numbered;
  }

  /** The number of the last recorded attempt of each trial that has one; one listing. */
  public Map<String, Integer> lastAttempts() {
    Map<String, Integer> last = new HashMap<>();
    for (FileStorage.Entry entry : storage.list(ATTEMPTS)) {
      Matcher name = ATTEMPT.matcher(entry.name());
      if (name.matches()) {
        last.merge(name.group(1), Integer.parseInt(name.group(2)), Math::max);
      }
    }
    return last;
  }

  /** The recorded attempts of some trials. */
  List<Attempt> attempts(Set<String> trials) {
    List<Attempt> attempts = new ArrayList<>();
    for (FileStorage.Entry entry : storage.list(ATTEMPTS)) {
      Matcher name = ATTEMPT.matcher(entry.name());
      if (name.matches() && trials.contains(name.group(1))) {
        String path = ATTEMPTS + "/" + entry.name();
        storage.read(path).ifPresent(bytes -> attempts.add(attempt(path, bytes)));
      }
    }
    return attempts;
  }

  private static String fileName(PlannedTrial trial) {
    return Segment.fileName(trial.lineage(), 1, trial.spec().training().epochs());
  }

  private static String path(Attempt attempt) {
    return "%s/%s-%d.parquet".formatted(ATTEMPTS, attempt.trial(), attempt.number());
  }

  private static byte[] encode(Attempt attempt) {
    return ParquetFile.encode(
        Table.ATTEMPTS.columns(), Table.ATTEMPTS.metadata(), List.of(attempt.row()).iterator());
  }

  private Attempt attempt(String path, byte[] bytes) {
    try {
      return Attempt.of(ParquetFile.decode(bytes, Table.ATTEMPTS.columns()).rows().get(0));
    } catch (IOException damaged) {
      throw damaged(path, damaged);
    }
  }

  private Segment decode(String path, byte[] bytes) {
    try {
      return Segment.decode(bytes);
    } catch (IOException damaged) {
      throw damaged(path, damaged);
    }
  }

  private InfrastructureException damaged(String path, IOException cause) {
    return new InfrastructureException(
        "Cannot read %s/%s: it is damaged. Remove it, and run again: its trial is trained anew."
            .formatted(storage.address(), path),
        cause);
  }
}
