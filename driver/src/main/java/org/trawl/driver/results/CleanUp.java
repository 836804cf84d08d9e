package org.trawl.driver.results;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.sweep.InputException;

/**
 * What a run's folder holds and its sweep file does not need, and the removal of it.
 *
 * <p>Whatever is removed, and wherever the removal is cut short: the segments of planned trials
 * stay as far as a planned trial is made of them, so do the checkpoints that unfinished ones go on
 * from, their recorded attempts and the models that {@code keep.models} asks for. So the tables
 * have the rows that they had, and another run trains what it would have trained.
 *
 * <p>The tables are brought up to date first, and the pack is written without what is to go: it
 * would outlive the segments that it was made from. Of a lineage the last segments go first, so
 * that a removal that was cut short leaves beginnings.
 */
public final class CleanUp {
  /** Whoever writes aside publishes it at once. */
  private static final Duration WRITING = Duration.ofMinutes(1);

  /** Files that are removed between two looks for others. */
  private static final int LOOK = 100;

  /** What can be removed by its name. */
  public enum Kind {
    LEFTOVERS,
    PACKS,
    CHECKPOINTS,
    MODELS,
    TRIALS;

    /** As written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Why files are not needed. */
  private enum Reason {
    KILLED("of processes that were killed", Kind.LEFTOVERS),
    COPIED("copies of results, for fast reading; made anew", Kind.PACKS),
    OVER("of finished trials; more epochs then begin anew", Kind.CHECKPOINTS),
    SUPERSEDED("nothing goes on from there any more", Kind.CHECKPOINTS),
    CHECKPOINT_NOT_PLANNED("of trials not planned", Kind.CHECKPOINTS, Kind.TRIALS),
    NOT_BEST("not among those of keep.models", Kind.MODELS),
    MODEL_NOT_PLANNED("of trials not planned", Kind.MODELS, Kind.TRIALS),
    NOT_PLANNED("not planned; planned again, trained anew", Kind.TRIALS),
    BEYOND("results beyond the planned epochs, or there twice", Kind.TRIALS);

    private final String text;
    private final Kind kind;

    /** Another kind that takes the files too, or the same one. */
    private final Kind with;

    Reason(String text, Kind kind) {
      this(text, kind, kind);
    }

    Reason(String text, Kind kind, Kind with) {
      this.text = text;
      this.kind = kind;
      this.with = with;
    }

    boolean among(Collection<Kind> chosen) {
      return chosen.contains(kind) || chosen.contains(with);
    }

    private String told() {
      return with == kind ? text : "%s; go with %s too".formatted(text, with);
    }
  }

  /**
   * Files that are not needed for one reason.
   *
   * @param kind whose removal removes them
   * @param bytes of all of them
   */
  public record Part(Kind kind, int files, long bytes, String reason) {}

  private record Spare(Reason reason, String path, long bytes) {}

  private final Plan plan;
  private final RunFolder folder;
  private final FileStorage storage;
  private final Optional<String> sweep;
  private final RunTables tables;
  private final List<Spare> spares = new ArrayList<>();

  /**
   * Looks for what is not needed, and writes nothing.
   *
   * @param plan of the run's own sweep.conf
   * @throws InputException if somebody is at the run, or the plan is not that of the run's tables:
   *     what is planned is not known then
   */
  public CleanUp(Plan plan, RunFolder folder) {
    this.plan = plan;
    this.folder = folder;
    this.storage = folder.storage();
    this.sweep = folder.text(RunFolder.SWEEP);
    others()
        .ifPresent(
            there -> {
              throw new InputException(
                  "Cannot clean %s: %s. Wait for its end, or end it: trawl stop %s"
                      .formatted(folder, there, folder));
            });
    requireSamePlan();
    this.tables = new RunTables(plan, folder);
    new Search().search();
  }

  private void requireSamePlan() {
    Set<Object> inTables = new HashSet<>();
    folder.rows(Table.TRIALS, List.of("trial")).forEach(row -> inTables.add(row.get("trial")));
    Set<Object> planned = new HashSet<>(hashes());
    if (!inTables.equals(planned)) {
      long common = planned.stream().filter(inTables::contains).count();
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot clean %s: its %s plans %d trials, of which its tables have %d, and %d others:"
                  + " its data or Trawl's version changed, or a run was killed as it began. Run its"
                  + " sweep file again first, or remove the folder",
              folder,
              RunFolder.SWEEP,
              planned.size(),
              common,
              inTables.size() - common));
    }
  }

  private List<String> hashes() {
    return plan.trials().stream().map(PlannedTrial::trial).toList();
  }

  /** Who is at the run, or was since the search began; empty for nobody. */
  private Optional<String> others() {
    return folder.sessions().alive(Instant.now()).stream()
        .findFirst()
        .map(
            session ->
                String.format(
                    Locale.ROOT,
                    "process %d on %s is at it since %s",
                    session.pid(),
                    session.host(),
                    session.started().truncatedTo(ChronoUnit.SECONDS)))
        .or(
            () ->
                folder.text(RunFolder.SWEEP).equals(sweep)
                    ? Optional.empty()
                    : Optional.of("another file was run in it just now"));
  }

  /** What is not needed, one part a reason; none where all is. */
  public List<Part> parts() {
    return parts(EnumSet.allOf(Kind.class));
  }

  /** What removing some kinds removes, one part a reason. */
  public List<Part> parts(Collection<Kind> kinds) {
    List<Part> parts = new ArrayList<>();
    for (Reason reason : Reason.values()) {
      List<Spare> files = spares.stream().filter(spare -> spare.reason() == reason).toList();
      if (!files.isEmpty() && reason.among(kinds)) {
        long bytes = files.stream().mapToLong(Spare::bytes).sum();
        parts.add(new Part(reason.kind, files.size(), bytes, reason.told()));
      }
    }
    return parts;
  }

  /**
   * Removes what was found, of some kinds.
   *
   * @throws InfrastructureException if the storage refuses, or somebody has come: what is removed
   *     by then is, and all else is there
   */
  public void remove(Collection<Kind> kinds) {
    List<Spare> chosen = spares.stream().filter(spare -> spare.reason().among(kinds)).toList();
    if (chosen.isEmpty()) {
      return;
    }
    requireNobody(0, chosen.size());
    if (folder.countsIfAllFinished(hashes()).isEmpty()) {
      tables.write();
    }
    if (kinds.contains(Kind.TRIALS) && !kinds.contains(Kind.PACKS)) {
      packPlanned();
    }
    for (int done = 0; done < chosen.size(); done++) {
      if (done % LOOK == 0) {
        requireNobody(done, chosen.size());
      }
      storage.delete(chosen.get(done).path());
    }
  }

  private void requireNobody(int done, int files) {
    others()
        .ifPresent(
            there -> {
              throw new InfrastructureException(
                  String.format(
                      Locale.ROOT,
                      "Stopped cleaning %s after %d of %d files: %s. Clean again when it has ended",
                      folder,
                      done,
                      files,
                      there),
                  null);
            });
  }

  /** Takes what is not planned out of the pack. */
  private void packPlanned() {
    if (!storage.exists(Pack.FILE)) {
      return;
    }
    Map<String, Pack.Trial> packed = folder.pack(plan.sweep().objective());
    List<Pack.Trial> planned = hashes().stream().map(packed::get).filter(Objects::nonNull).toList();
    if (planned.isEmpty()) {
      storage.delete(Pack.FILE);
    } else if (planned.size() < packed.size()) {
      folder.replacePack(plan.sweep().objective(), planned.stream());
    }
  }

  /** Goes through the folder once. */
  private final class Search {
    private final Journal journal = folder.journal();
    private final Journal.Listing listing = journal.listing();
    private final Set<String> trials = new HashSet<>(hashes());
    private final Map<String, List<PlannedTrial>> lineages = new HashMap<>();

    /** Lineages of which a planned trial is not finished. */
    private final Set<String> unfinished = new HashSet<>();

    private final Set<SegmentName> needed = new HashSet<>();

    void search() {
      for (PlannedTrial trial : plan.trials()) {
        lineages.computeIfAbsent(trial.lineage(), l -> new ArrayList<>(1)).add(trial);
        needed.addAll(listing.chain(trial).names());
        if (!listing.finished(trial)) {
          unfinished.add(trial.lineage());
        }
      }
      leftovers();
      storage.list(Pack.FOLDER).stream()
          .filter(file -> file.name().equals(Pack.NAME))
          .forEach(file -> add(Reason.COPIED, Pack.FOLDER, file));
      checkpoints();
      models();
      results();
    }

    private void add(Reason reason, String of, FileStorage.Entry file) {
      spares.add(new Spare(reason, of + "/" + file.name(), file.bytes()));
    }

    private void leftovers() {
      Instant lately = Instant.now().minus(WRITING);
      storage.list(FileStorage.STAGING).stream()
          .filter(file -> file.changed().isBefore(lately))
          .forEach(file -> add(Reason.KILLED, FileStorage.STAGING, file));
      storage.list(Session.FOLDER).forEach(file -> add(Reason.KILLED, Session.FOLDER, file));
    }

    private void checkpoints() {
      List<PlannedTrial> open =
          plan.trials().stream().filter(trial -> !listing.finished(trial)).toList();
      Map<String, Journal.Beginning> beginnings = journal.beginnings(open);
      Map<String, Set<Integer>> wanted = new HashMap<>();
      for (PlannedTrial trial : open) {
        Journal.Beginning from = beginnings.getOrDefault(trial.trial(), Journal.Beginning.NONE);
        wanted.computeIfAbsent(trial.lineage(), l -> new HashSet<>()).add(from.epoch());
      }
      for (FileStorage.Entry file : storage.list(Journal.CHECKPOINTS)) {
        Matcher name = Journal.NUMBERED.matcher(file.name());
        if (!name.matches()) {
          continue;
        }
        String lineage = name.group(1);
        if (!lineages.containsKey(lineage)) {
          add(Reason.CHECKPOINT_NOT_PLANNED, Journal.CHECKPOINTS, file);
        } else if (!unfinished.contains(lineage)) {
          add(Reason.OVER, Journal.CHECKPOINTS, file);
        } else if (!wanted.get(lineage).contains(Integer.valueOf(name.group(2)))) {
          add(Reason.SUPERSEDED, Journal.CHECKPOINTS, file);
        }
      }
    }

    /** Those of unfinished trials may be just what is missing to their end. */
    private void models() {
      Set<Models.Id> wanted = Set.copyOf(tables.models(plan.sweep().keep().models()).values());
      Set<String> finished = tables.finished();
      for (FileStorage.Entry file : storage.list(Models.FOLDER)) {
        Optional<Models.Id> model = Models.id(file.name());
        if (model.isEmpty()) {
          continue;
        }
        if (!trials.contains(model.get().trial())) {
          add(Reason.MODEL_NOT_PLANNED, Models.FOLDER, file);
        } else if (finished.contains(model.get().trial()) && !wanted.contains(model.get())) {
          add(Reason.NOT_BEST, Models.FOLDER, file);
        }
      }
    }

    private void results() {
      Map<SegmentName, FileStorage.Entry> segments = new HashMap<>();
      storage
          .list(Journal.SEGMENTS)
          .forEach(file -> SegmentName.of(file.name()).ifPresent(name -> segments.put(name, file)));
      segments.keySet().stream()
          .sorted(
              Comparator.comparing(SegmentName::lineage)
                  .thenComparing(Comparator.comparingInt(SegmentName::first).reversed())
                  .thenComparing(SegmentName::file))
          .forEach(
              name -> {
                if (!lineages.containsKey(name.lineage())) {
                  add(Reason.NOT_PLANNED, Journal.SEGMENTS, segments.get(name));
                } else if (!unfinished.contains(name.lineage()) && !needed.contains(name)) {
                  add(Reason.BEYOND, Journal.SEGMENTS, segments.get(name));
                }
              });
      for (FileStorage.Entry file : storage.list(Journal.ATTEMPTS)) {
        Matcher name = Journal.NUMBERED.matcher(file.name());
        if (name.matches() && !trials.contains(name.group(1))) {
          add(Reason.NOT_PLANNED, Journal.ATTEMPTS, file);
        }
      }
    }
  }
}
