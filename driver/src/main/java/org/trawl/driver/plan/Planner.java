package org.trawl.driver.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.training.SeedStreams;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Problems;
import org.trawl.driver.sweep.Sweep;
import org.trawl.driver.sweep.Variant;

/**
 * Makes a sweep into a plan: expands its axes, drops what {@code where} drops, loads the data, and
 * refuses what could not be trained. Nothing is written, and nothing runs.
 */
public final class Planner {
  private static final long MOST_TRIALS = 1_000_000;

  private final Sweep sweep;
  private final Catalogue catalogue;
  private final Storage storage;
  private final long memory;
  private final Problems problems = new Problems();
  private final Complaints complaints = new Complaints(problems);
  private final Sources sources;
  private final InitialFiles initial;

  /**
   * What the preparation of each planned kind of data comes to; the features of a pca by share are
   * those of the first repeat and fold.
   */
  private final Map<DataSpec, PreparedSize> sizes = new HashMap<>();

  /** Data that cannot be prepared as planned. */
  private final Set<DataSpec> refused = new HashSet<>();

  private Planner(Sweep sweep, Catalogue catalogue, Storage storage, long memory) {
    this.sweep = sweep;
    this.catalogue = catalogue;
    this.storage = storage;
    this.memory = memory;
    this.sources = new Sources(catalogue, storage, problems);
    this.initial = new InitialFiles(storage, problems, complaints);
  }

  /**
   * Plans a sweep.
   *
   * @param storage opens the sources
   * @param memory bytes that the data and one trial can have
   * @throws InputException with all that keeps the sweep from being trained
   */
  public static Plan plan(Sweep sweep, Catalogue catalogue, Storage storage, long memory) {
    return new Planner(sweep, catalogue, storage, memory).plan();
  }

  private Plan plan() {
    checkCount();
    List<Point> all =
        sweep.variants().stream()
            .flatMap(variant -> Point.of(variant, catalogue).stream())
            .toList();
    List<Point> kept = kept(all);
    sources.load(kept);
    initial.load(kept);
    IdentityHashMap<Point, TrialSpec> specs = specs(kept);
    complaints.report();
    kept.forEach(point -> checkMemory(point, specs.get(point)));
    kept.forEach(point -> initial.check(point, specs.get(point), sources.dataset(point)));
    Division division = new Division(sweep, storage, splitStream(), complaints, sizes);
    kept.stream()
        .filter(point -> !refused.contains(specs.get(point).data()))
        .forEach(point -> division.divide(point, specs.get(point)));
    IdentityHashMap<Point, Objective> objectives = division.objectives(kept);
    complaints.report();
    return plan(all, kept, specs, objectives);
  }

  private void checkCount() {
    long most = MOST_TRIALS / sweep.repeats();
    long count = 0;
    for (Variant variant : sweep.variants()) {
      long points = Point.count(variant);
      count = points > MOST_TRIALS ? points : count + points;
      if (count > most) {
        problems.add(
            variant.place(),
            "sweep",
            "at most " + MOST_TRIALS + " trials",
            count + " points with " + sweep.repeats() + " repeats each");
        problems.check();
      }
    }
  }

  private List<Point> kept(List<Point> points) {
    if (sweep.where().isEmpty()) {
      return points;
    }
    List<Point> kept = new ArrayList<>();
    for (Point point : points) {
      try {
        if (sweep.where().get().holds(point.values(), point.variant().name())) {
          kept.add(point);
        }
      } catch (InputException wrong) {
        complaints.add(point, sweep.where().get().place(), wrong.getMessage());
      }
    }
    complaints.report();
    if (kept.isEmpty()) {
      problems.add(
          sweep.where().get().place(),
          "sweep.where",
          "a predicate that keeps a point",
          "one that drops all " + points.size());
      problems.check();
    }
    return kept;
  }

  private IdentityHashMap<Point, TrialSpec> specs(List<Point> points) {
    IdentityHashMap<Point, TrialSpec> specs = new IdentityHashMap<>();
    Consistency consistency = new Consistency(complaints);
    for (Point point : points) {
      if (consistency.isConsistent(point)) {
        spec(point, 1, firstFold(point)).ifPresent(spec -> specs.put(point, spec));
      }
    }
    return specs;
  }

  private Optional<TrialSpec> spec(Point point, int repeat, int fold) {
    long seed = SeedStreams.trialSeed(sweep.seed(), repeat, fold);
    try {
      return Optional.of(
          TrialSpecs.of(
              point.values(),
              catalogue.source(point.values().get(Keys.SOURCE)),
              initial.of(point),
              seed,
              fold));
    } catch (IllegalArgumentException refused) {
      complaints.add(point, refused);
      return Optional.empty();
    }
  }

  private static int firstFold(Point point) {
    return Math.min(1, folds(point));
  }

  private static int folds(Point point) {
    return Math.toIntExact((Long) point.values().get(Keys.FOLDS));
  }

  private void checkMemory(Point point, TrialSpec spec) {
    Dataset dataset = sources.dataset(point);
    try {
      PreparedSize size = sizes.get(spec.data());
      if (size == null) {
        size = PreparedSize.of(dataset, spec.data());
        sizes.put(spec.data(), size);
      }
      long data = Workload.bytes(dataset) + Workload.augmentedBytes(spec, size);
      if (data + size.bytes() > memory) {
        complaints.add(
            point,
            point.place(Keys.PREPARE),
            String.format(
                Locale.ROOT,
                ("data.prepare: expected prepared samples that fit the %,d bytes of memory beside the"
                    + " data's %,d, found about %,d bytes. Trials may fill two thirds of the heap, which"
                    + " TRAWL_MEMORY sets, such as 8g"),
                memory,
                data,
                size.bytes()));
        refused.add(spec.data());
        return;
      }
      Workload workload = Workload.of(spec, size);
      long bytes = data + size.bytes() + workload.bytes();
      if (bytes > memory) {
        complaints.add(
            point,
            point.place(Keys.HIDDEN),
            String.format(
                Locale.ROOT,
                ("network.hidden, training.batch-size, data.augment: expected a trial that with its data fits the %,d"
                    + " bytes of memory, found one of about %,d bytes (%,d parameters). Trials may"
                    + " fill two thirds of the heap, which TRAWL_MEMORY sets, such as 8g"),
                memory,
                bytes,
                workload.parameters()));
      }
    } catch (DataException wrong) {
      complaints.add(point, point.place(Keys.PREPARE), "data.prepare: " + wrong.getMessage());
      refused.add(spec.data());
    } catch (IllegalArgumentException wrong) {
      complaints.add(point, wrong);
    }
  }

  /** What decides how the first repeat divides its data. */
  private RandomStream splitStream() {
    return new SeedStreams(SeedStreams.trialSeed(sweep.seed(), 1, 0)).stream("split");
  }

  private Plan plan(
      List<Point> all,
      List<Point> kept,
      IdentityHashMap<Point, TrialSpec> specs,
      IdentityHashMap<Point, Objective> objectives) {
    Map<String, Point> distinct = new LinkedHashMap<>();
    for (Point point : kept) {
      distinct.putIfAbsent(Canonical.point(byContent(point), sources.fingerprint(point)), point);
    }
    List<PlannedTrial> trials = new ArrayList<>();
    Map<String, String> hashes = new HashMap<>();
    distinct.forEach(
        (canonical, point) -> {
          checkHash(hashes, Canonical.hash(canonical), canonical);
          for (int repeat = 1; repeat <= sweep.repeats(); repeat++) {
            for (int fold = firstFold(point); fold <= folds(point); fold++) {
              trials.add(trial(point, canonical, repeat, fold, objectives.get(point), hashes));
            }
          }
        });
    List<Dataset> datasets = sources.all();
    Remarks remarks = new Remarks();
    remarks.ofSweep(sweep.notes());
    datasets.forEach(remarks::ofFiles);
    remarks.ofChoosing(trials);
    remarks.ofPeers(trials);
    RandomStream split = splitStream();
    for (Point point : distinct.values()) {
      remarks.ofPoint(point, specs.get(point).data(), sources.dataset(point), split);
    }
    trials.stream()
        .map(trial -> trial.spec().data())
        .distinct()
        .forEach(data -> remarks.ofPreparation(named(datasets, data), data.prepare()));
    return new Plan(
        sweep,
        trials.get(0).peers().objective(),
        trials,
        distinct.size(),
        all.size() - kept.size(),
        kept.size() - distinct.size(),
        datasets,
        remarks.all(),
        sizes);
  }

  private static Dataset named(List<Dataset> datasets, DataSpec data) {
    return datasets.stream()
        .filter(dataset -> dataset.name().equals(data.source().name()))
        .findFirst()
        .orElseThrow();
  }

  private PlannedTrial trial(
      Point point,
      String canonicalPoint,
      int repeat,
      int fold,
      Objective objective,
      Map<String, String> hashes) {
    Map<Key, Object> values = point.values();
    String fingerprint = sources.fingerprint(point);
    String canonical = Canonical.trial(byContent(point), fingerprint, sweep.seed(), repeat, fold);
    checkHash(hashes, Canonical.hash(canonical), canonical);
    String lineage = Canonical.lineage(byContent(point), fingerprint, sweep.seed(), repeat, fold);
    TrialSpec spec = spec(point, repeat, fold).orElseThrow();
    boolean ownValidation = sources.dataset(point).validationRows() > 0;
    String data = Canonical.data(values, fingerprint, spec.data(), ownValidation);
    return new PlannedTrial(
        Canonical.hash(canonical),
        Canonical.hash(canonicalPoint),
        Canonical.hash(lineage),
        repeat,
        fold,
        point.variant().name(),
        values,
        fingerprint,
        new Peers(Canonical.hash(data), objective),
        Canonical.config(values, spec.data().source(), fingerprint, sweep.seed(), repeat, fold),
        spec);
  }

  /** The values of all keys, a file of weights by its content. */
  private Map<Key, Object> byContent(Point point) {
    if (!initial.of(point).given()) {
      return point.values();
    }
    Map<Key, Object> values = new LinkedHashMap<>(point.values());
    values.put(Keys.INITIAL, "sha256:" + initial.of(point).content());
    return values;
  }

  /** Two configurations of one hash would overwrite each other's results. */
  static void checkHash(Map<String, String> hashes, String hash, String canonical) {
    String before = hashes.putIfAbsent(hash, canonical);
    if (before != null && !before.equals(canonical)) {
      throw new InputException(
          "Cannot plan two trials of one hash, %s: %s and %s (cure: another seed)"
              .formatted(hash, before, canonical));
    }
  }
}
