package org.trawl.driver.results;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.trawl.core.training.TrainingState;
import org.trawl.driver.plan.PlannedTrial;

/**
 * What a run has finished: the only truth of its folder. A file of {@code journal/} is a {@link
 * Segment}; its existence says that its epochs are finished, so what is left to do follows from a
 * listing. A file of {@code checkpoints/} is what a training had become after a segment, written
 * before it. Attempts that ended without their trial's last segment are files of {@code attempts/},
 * named by trial and number.
 *
 * <p>Any number of drivers and executors may write at the same time: a file never changes, and of
 * two that publish the same segment the first one's stays.
 */
public final class Journal {
  static final String SEGMENTS = "journal";
  static final String CHECKPOINTS = "checkpoints";
  static final String ATTEMPTS = "attempts";

  /** Of a checkpoint: lineage and epoch. Of an attempt: trial and number. */
  static final Pattern NUMBERED = Pattern.compile("([0-9a-z]+)-([0-9]{1,9})\\.[a-z]+");

  private final FileStorage storage;

  Journal(FileStorage storage) {
    this.storage = storage;
  }

  /** How a checkpoint is written. */
  public enum Force {
    /** It survives that the power fails. */
    TO_DISK,
    /** It may be lost then, and its trial is trained anew if it is to go on. */
    NOT
  }

  /** The names that a journal held at one moment. */
  public static final class Listing {
    private final Map<String, List<SegmentName>> segments = new HashMap<>();

    /** Whether a trial is finished. */
    public boolean finished(PlannedTrial trial) {
      return chain(trial).complete();
    }

    Chain chain(PlannedTrial trial) {
      return chain(trial.lineage(), trial.spec().training().epochs());
    }

    Chain chain(String lineage, int epochs) {
      return Chain.of(segments.getOrDefault(lineage, List.of()), epochs);
    }
  }

  /**
   * What is kept of a trial that is not finished.
   *
   * @param segments the files of its segments, in order
   * @param epoch the last finished one that a training can go on from; 0 for none
   */
  public record Beginning(List<String> segments, int epoch) implements Serializable {
    /** Nothing. */
    public static final Beginning NONE = new Beginning(List.of(), 0);

    public Beginning {
      segments = List.copyOf(segments);
    }

    /** The file of the last segment; empty for none. */
    public String last() {
      return segments.isEmpty() ? "" : segments.get(segments.size() - 1);
    }
  }

  /** What is in the journal now; one listing. */
  public Listing listing() {
    Listing listing = new Listing();
    for (FileStorage.Entry entry : storage.list(SEGMENTS)) {
      SegmentName.of(entry.name())
          .ifPresent(
              name ->
                  listing
                      .segments
                      .computeIfAbsent(name.lineage(), lineage -> new ArrayList<>(1))
                      .add(name));
    }
    return listing;
  }

  /** The hashes of those trials that are finished; one listing. */
  public Set<String> finished(Collection<PlannedTrial> trials) {
    Listing listing = listing();
    return trials.stream()
        .filter(listing::finished)
        .map(PlannedTrial::trial)
        .collect(Collectors.toSet());
  }

  /** What is kept of trials that are not finished, by their hashes; those of which something is. */
  public Map<String, Beginning> beginnings(Collection<PlannedTrial> trials) {
    Listing listing = listing();
    Map<String, Set<Integer>> checkpoints = checkpoints();
    Map<String, Beginning> beginnings = new HashMap<>();
    for (PlannedTrial trial : trials) {
      Chain chain = listing.chain(trial);
      Set<Integer> epochs = checkpoints.getOrDefault(trial.lineage(), Set.of());
      chain.names().stream()
          .map(SegmentName::last)
          .filter(epochs::contains)
          .reduce((earlier, later) -> later)
          .ifPresent(
              epoch ->
                  beginnings.put(
                      trial.trial(),
                      new Beginning(
                          chain.to(epoch).names().stream().map(SegmentName::file).toList(),
                          epoch)));
    }
    return beginnings;
  }

  /** How many segments are there; one listing. */
  public long segmentCount() {
    return storage.list(SEGMENTS).stream()
        .filter(entry -> SegmentName.of(entry.name()).isPresent())
        .count();
  }

  /** Whether a segment is there. */
  public boolean holds(SegmentName name) {
    return storage.exists(SEGMENTS + "/" + name.file());
  }

  /** Keeps a segment; whether it is this one that is kept, and no earlier one of its name. */
  public boolean publish(Segment segment) {
    return storage.publish(SEGMENTS + "/" + segment.fileName(), segment.encode());
  }

  /**
   * Keeps what a training has become, before the segment that ends there.
   *
   * @param force whether it is sure to survive that the power fails
   * @return what the segment calls it
   */
  public String publish(String lineage, TrainingState state, Force force) {
    byte[] bytes = Checkpoint.encode(state);
    String path = checkpoint(lineage, state.epoch());
    boolean published =
        force == Force.TO_DISK
            ? storage.publish(path, bytes)
            : storage.publishUnforced(path, bytes);
    if (!published && !holds(path, bytes)) {
      storage.replace(path, bytes); // of a run that kept other models, or damaged
    }
    return Checkpoint.hash(bytes);
  }

  /**
   * What a training had become after a segment; empty where that is not kept, or is not what the
   * segment says.
   *
   * @param segment the file of the segment
   */
  public Optional<TrainingState> state(String segment) {
    SegmentName name = SegmentName.of(segment).orElseThrow();
    Optional<byte[]> bytes = storage.read(checkpoint(name.lineage(), name.last()));
    if (bytes.isEmpty() || !named(segment).equals(Checkpoint.hash(bytes.get()))) {
      return Optional.empty();
    }
    try {
      return Optional.of(Checkpoint.decode(bytes.get()));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  private String named(String segment) {
    return read(segment).map(Segment::checkpoint).orElse("");
  }

  /** Removes what a training had become after an epoch, once a later segment is there. */
  public void dropCheckpoint(String lineage, int epoch) {
    storage.delete(checkpoint(lineage, epoch));
  }

  /** The segment of a file; empty where there is none. */
  public Optional<Segment> read(String file) {
    String path = SEGMENTS + "/" + file;
    return storage.read(path).map(bytes -> decode(path, bytes));
  }

  /** A finished trial as one segment; empty if it is not finished. One listing. */
  public Optional<Segment> segment(PlannedTrial trial) {
    Chain chain = listing().chain(trial);
    if (!chain.complete()) {
      return Optional.empty();
    }
    List<Segment> segments = segments(chain);
    return segments.isEmpty() ? Optional.empty() : Optional.of(joined(trial, segments));
  }

  /** The segments of a chain; none if one of them has gone. */
  List<Segment> segments(Chain chain) {
    List<Segment> segments = new ArrayList<>();
    for (SegmentName name : chain.names()) {
      read(name.file()).ifPresent(segments::add);
    }
    return segments.size() == chain.names().size() ? segments : List.of();
  }

  static Segment joined(PlannedTrial trial, List<Segment> segments) {
    return Segment.joined(
        trial.trial(), trial.config(), trial.spec().training().epochs(), segments);
  }

  /**
   * Keeps an attempt that ended without a segment, under the next free number from its own on; what
   * was kept.
   */
  public Attempt record(Attempt attempt) {
    Attempt numbered = attempt;
    while (!keep(path(numbered), encode(numbered))) {
      numbered = numbered.numbered(numbered.number() + 1);
    }
    return numbered;
  }

  /**
   * Whether a file with these bytes is there now: published, perhaps by a try whose answer got
   * lost.
   */
  private boolean keep(String path, byte[] bytes) {
    return storage.publish(path, bytes) || holds(path, bytes);
  }

  private boolean holds(String path, byte[] bytes) {
    return storage.read(path).map(there -> Arrays.equals(there, bytes)).orElse(false);
  }

  /** The number of the last recorded attempt of each trial that has one; one listing. */
  public Map<String, Integer> lastAttempts() {
    Map<String, Integer> last = new HashMap<>();
    for (FileStorage.Entry entry : storage.list(ATTEMPTS)) {
      Matcher name = NUMBERED.matcher(entry.name());
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
      Matcher name = NUMBERED.matcher(entry.name());
      if (name.matches() && trials.contains(name.group(1))) {
        String path = ATTEMPTS + "/" + entry.name();
        storage.read(path).ifPresent(bytes -> attempts.add(attempt(path, bytes)));
      }
    }
    return attempts;
  }

  /** The epochs of each lineage's checkpoints; one listing. */
  private Map<String, Set<Integer>> checkpoints() {
    Map<String, Set<Integer>> epochs = new HashMap<>();
    for (FileStorage.Entry entry : storage.list(CHECKPOINTS)) {
      Matcher name = NUMBERED.matcher(entry.name());
      if (name.matches()) {
        epochs
            .computeIfAbsent(name.group(1), lineage -> new HashSet<>())
            .add(Integer.parseInt(name.group(2)));
      }
    }
    return epochs;
  }

  private static String checkpoint(String lineage, int epoch) {
    return String.format(Locale.ROOT, "%s/%s-%d.safetensors", CHECKPOINTS, lineage, epoch);
  }

  private static String path(Attempt attempt) {
    return String.format(
        Locale.ROOT, "%s/%s-%d.parquet", ATTEMPTS, attempt.trial(), attempt.number());
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
