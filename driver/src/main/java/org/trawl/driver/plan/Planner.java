package org.trawl.driver.plan;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.network.Activation;
import org.trawl.core.network.InitialWeights;
import org.trawl.core.network.Layout;
import org.trawl.core.network.NetworkTensors;
import org.trawl.core.training.EarlyStopping;
import org.trawl.core.training.SeedStreams;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.model.WeightFiles;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Place;
import org.trawl.driver.sweep.Problems;
import org.trawl.driver.sweep.Sweep;
import org.trawl.driver.sweep.Variant;

/**
 * Makes a sweep into a plan: expands its axes, drops what {@code where} drops, loads the data, and
 * refuses what could not be trained. Nothing is written, and nothing runs.
 */
public final class Planner {
  private static final long MOST_TRIALS = 1_000_000;

  /** How the core's records refuse a value. */
  private static final Pattern REFUSAL = Pattern.compile("Invalid (\\S+) \\((.*)\\): (.*)");

  /** The keys that belong to some optimizers only. */
  private static final List<Key> OPTIMIZER_KEYS =
      List.of(Keys.MOMENTUM, Keys.NESTEROV, Keys.BETA1, Keys.BETA2, Keys.EPSILON, Keys.DECAY);

  private final Sweep sweep;
  private final Catalogue catalogue;
  private final Storage storage;
  private final long memory;
  private final Problems problems = new Problems();

  /** The files that networks start from, by address. */
  private final Map<String, WeightFiles.Loaded> initial = new HashMap<>();

  /** What each problem of points says, and the points that have it. */
  private final Map<Complaint, List<Point>> complaints = new LinkedHashMap<>();

  /**
   * What the preparation of each planned kind of data comes to; the features of a pca by share are
   * those of the first repeat and fold.
   */
  private final Map<DataSpec, PreparedSize> sizes = new HashMap<>();

  /** Data that cannot be prepared as planned. */
  private final Set<DataSpec> refused = new HashSet<>();

  private record Complaint(Place place, String text) {}

  /** A source in memory, with the hash of its content. */
  private record Loaded(Dataset dataset, String fingerprint) {}

  private Planner(Sweep sweep, Catalogue catalogue, Storage storage, long memory) {
    this.sweep = sweep;
    this.catalogue = catalogue;
    this.storage = storage;
    this.memory = memory;
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
    Map<Object, Loaded> loaded = load(kept);
    loadInitial(kept);
    IdentityHashMap<Point, TrialSpec> specs = specs(kept);
    report();
    kept.forEach(point -> checkMemory(point, specs.get(point), loaded));
    kept.forEach(point -> checkInitial(point, specs.get(point), loaded));
    IdentityHashMap<Point, Parts> parts = parts(kept, specs);
    kept.forEach(point -> checkWatched(point, specs.get(point), parts.get(point)));
    kept.forEach(point -> checkNormalized(point, specs.get(point), parts.get(point)));
    IdentityHashMap<Point, Objective> objectives = objectives(kept, parts);
    report();
    return plan(all, kept, specs, loaded, objectives);
  }

  /** Tells all problems so far, those of points with the first point that has them. */
  private void report() {
    complaints.forEach(
        (complaint, points) -> {
          String label = points.get(0).label();
          String where =
              points.size() == 1
                  ? " (" + label + ")"
                  : String.format(Locale.ROOT, " (%d points, the first: %s)", points.size(), label);
          problems.add(complaint.place(), complaint.text() + where);
        });
    complaints.clear();
    problems.check();
  }

  private void complain(Point point, Place place, String text) {
    complaints.computeIfAbsent(new Complaint(place, text), c -> new ArrayList<>()).add(point);
  }

  private void complain(Point point, Key key, String expected) {
    complain(
        point,
        point.place(key),
        "%s: expected %s, found %s"
            .formatted(key.path(), expected, Key.text(point.values().get(key))));
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
        complain(point, sweep.where().get().place(), wrong.getMessage());
      }
    }
    report();
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

  private Map<Object, Loaded> load(List<Point> points) {
    Map<Object, Loaded> loaded = new LinkedHashMap<>();
    Map<String, Loaded> byName = new HashMap<>();
    Map<Object, Point> first = new LinkedHashMap<>();
    points.forEach(point -> first.putIfAbsent(point.values().get(Keys.SOURCE), point));
    first.forEach(
        (value, point) -> {
          try {
            SourceSpec source = catalogue.source(value);
            Dataset dataset = DataCache.shared().load(source, storage);
            String fingerprint = DataCache.shared().fingerprint(source, storage);
            Loaded before = byName.putIfAbsent(source.name(), new Loaded(dataset, fingerprint));
            if (before != null && !before.fingerprint().equals(fingerprint)) {
              problems.add(
                  point.place(Keys.SOURCE),
                  Keys.SOURCE.path(),
                  "a name of its own for each data set (cure: give it a name in its { })",
                  "two called " + source.name());
            }
            loaded.put(value, new Loaded(dataset, fingerprint));
          } catch (DataException wrong) {
            problems.add(point.place(Keys.SOURCE), Keys.SOURCE.path() + ": " + wrong.getMessage());
          }
        });
    return loaded;
  }

  private void loadInitial(List<Point> points) {
    Set<String> tried = new HashSet<>();
    for (Point point : points) {
      String address = (String) point.values().get(Keys.INITIAL);
      if (!address.equals(Keys.NO_FILE) && tried.add(address)) {
        try {
          initial.put(address, WeightFiles.read(address, storage));
        } catch (DataException wrong) {
          problems.add(point.place(Keys.INITIAL), Keys.INITIAL.path() + ": " + wrong.getMessage());
        }
      }
    }
  }

  private InitialWeights initial(Point point) {
    WeightFiles.Loaded file = initial.get((String) point.values().get(Keys.INITIAL));
    return file == null ? InitialWeights.NONE : file.weights();
  }

  /** Checks that the weights to start from are the network's. */
  private void checkInitial(Point point, TrialSpec spec, Map<Object, Loaded> loaded) {
    WeightFiles.Loaded file = initial.get((String) point.values().get(Keys.INITIAL));
    if (file == null) {
      return;
    }
    Dataset dataset = dataset(point, loaded);
    Layout layout;
    try {
      layout = Layout.of(spec.network(), dataset.features(), dataset.classes().size());
    } catch (IllegalArgumentException toldAlready) {
      return;
    }
    for (String problem : NetworkTensors.problems(file.tensors(), layout)) {
      complain(
          point,
          point.place(Keys.INITIAL),
          "%s: %s: %s".formatted(Keys.INITIAL.path(), file.weights().address(), problem));
    }
  }

  private IdentityHashMap<Point, TrialSpec> specs(List<Point> points) {
    IdentityHashMap<Point, TrialSpec> specs = new IdentityHashMap<>();
    for (Point point : points) {
      if (consistent(point)) {
        spec(point, 1, firstFold(point)).ifPresent(spec -> specs.put(point, spec));
      }
    }
    return specs;
  }

  /** Checks that no key contradicts another one. */
  private boolean consistent(Point point) {
    int before = complaints.values().stream().mapToInt(List::size).sum();
    Map<Key, Object> values = point.values();
    String optimizer = (String) values.get(Keys.OPTIMIZER);
    List<Key> own =
        switch (optimizer) {
          case "sgd" -> List.of(Keys.MOMENTUM, Keys.NESTEROV);
          case "adam" -> List.of(Keys.BETA1, Keys.BETA2, Keys.EPSILON);
          case "adamw" -> List.of(Keys.BETA1, Keys.BETA2, Keys.EPSILON, Keys.DECAY);
          default -> List.of(Keys.EPSILON);
        };
    List<Key> others = OPTIMIZER_KEYS.stream().filter(key -> !own.contains(key)).toList();
    for (Key key : others) {
      if (point.changes(key)) {
        complain(
            point,
            key,
            key.defaultValue().isEmpty()
                ? "none with optimizer = " + optimizer
                : "none, or the default %s, with optimizer = %s"
                    .formatted(key.defaultText(), optimizer));
      }
    }
    boolean momentum = !values.get(Keys.MOMENTUM).equals(Keys.MOMENTUM.defaultValue().get());
    if (optimizer.equals("sgd") && values.get(Keys.NESTEROV).equals(true) && !momentum) {
      complain(point, Keys.NESTEROV, "false without a momentum above 0");
    }
    if (values.get(Keys.ACTIVATION).equals(Activation.SOFTMAX.key())
        && ((List<?>) values.get(Keys.HIDDEN)).contains(1L)) {
      complain(
          point,
          Keys.ACTIVATION,
          "another one with a hidden layer of one unit, whose softmax is always 1");
    }
    int layers = ((List<?>) values.get(Keys.HIDDEN)).size();
    if (values.get(Keys.DROPOUT) instanceof List<?> rates && rates.size() != layers) {
      complain(
          point,
          Keys.DROPOUT,
          String.format(
              Locale.ROOT,
              "one rate, or one for each of the %d hidden layers of %s",
              layers,
              values.get(Keys.HIDDEN)));
    }
    if (!values.get(Keys.FOLDS).equals(0L) && !isZero(values.get(Keys.VALIDATION))) {
      complain(point, Keys.VALIDATION, "none, or 0, beside folds: each fold validates in turn");
    }
    String output = (String) values.get(Keys.OUTPUT);
    if (values.get(Keys.LOSS).equals("cross-entropy")
        && !List.of("softmax", "sigmoid").contains(output)) {
      complain(point, Keys.OUTPUT, "softmax or sigmoid with loss = cross-entropy");
    }
    if (output.equals(Activation.LECUN_TANH.key())) {
      complain(
          point, Keys.OUTPUT, "another one: the derivative of this does not follow from its value");
    }
    checkSchedule(point);
    checkEarlyStopping(point);
    if (point.changes(Keys.AUGMENT_SIGMA) && values.get(Keys.AUGMENT_COPIES).equals(0L)) {
      complain(point, Keys.AUGMENT_SIGMA, "none, or 0, without data.augment.copies of at least 1");
    }
    if (values.get(Keys.BATCH_NORM).equals(true) && values.get(Keys.BATCH_SIZE).equals(1L)) {
      complain(point, Keys.BATCH_SIZE, "at least 2 with batch-norm: one sample has no variance");
    }
    return before == complaints.values().stream().mapToInt(List::size).sum();
  }

  private void checkSchedule(Point point) {
    String kind = (String) point.values().get(Keys.SCHEDULE_KIND);
    if (point.changes(Keys.SCHEDULE_EVERY) && !kind.equals("step")) {
      complain(point, Keys.SCHEDULE_EVERY, "none, or the default 1, with schedule.kind = " + kind);
    }
    if (point.changes(Keys.SCHEDULE_FACTOR) && !List.of("step", "exponential").contains(kind)) {
      complain(
          point, Keys.SCHEDULE_FACTOR, "none, or the default 0.5, with schedule.kind = " + kind);
    }
    long warmUp = (Long) point.values().get(Keys.WARM_UP);
    if (warmUp >= (Long) point.values().get(Keys.EPOCHS)) {
      complain(point, Keys.WARM_UP, "fewer epochs than training.epochs");
    }
  }

  private void checkEarlyStopping(Point point) {
    if (point.values().get(Keys.STOPPING_PATIENCE).equals(0L)) {
      for (Key key : List.of(Keys.STOPPING_METRIC, Keys.STOPPING_GAIN, Keys.RESTORE_BEST)) {
        if (point.changes(key)) {
          complain(
              point,
              key,
              "none, or the default %s, without a training.early-stopping.patience above 0"
                  .formatted(key.defaultText()));
        }
      }
    }
  }

  private static boolean isZero(Object real) {
    return ((BigDecimal) real).signum() == 0;
  }

  private Optional<TrialSpec> spec(Point point, int repeat, int fold) {
    long seed = SeedStreams.trialSeed(sweep.seed(), repeat, fold);
    try {
      return Optional.of(
          TrialSpecs.of(
              point.values(),
              catalogue.source(point.values().get(Keys.SOURCE)),
              initial(point),
              seed,
              fold));
    } catch (IllegalArgumentException refused) {
      complain(point, refused);
      return Optional.empty();
    }
  }

  /** What the core refuses, at the place of the key that it names. */
  private void complain(Point point, IllegalArgumentException refused) {
    Matcher matcher = REFUSAL.matcher(refused.getMessage());
    Optional<Key> key =
        matcher.matches()
            ? Keys.all().stream()
                .filter(candidate -> candidate.path().endsWith("." + matcher.group(1)))
                .findFirst()
            : Optional.empty();
    key.ifPresentOrElse(
        named ->
            complain(
                point,
                point.place(named),
                "%s: expected a value that is %s, found %s"
                    .formatted(named.path(), matcher.group(2), matcher.group(3))),
        () -> complain(point, point.variant().place(), refused.getMessage()));
  }

  private static int firstFold(Point point) {
    return Math.min(1, folds(point));
  }

  private static int folds(Point point) {
    return Math.toIntExact((Long) point.values().get(Keys.FOLDS));
  }

  private static Dataset dataset(Point point, Map<Object, Loaded> loaded) {
    return loaded.get(point.values().get(Keys.SOURCE)).dataset();
  }

  private void checkMemory(Point point, TrialSpec spec, Map<Object, Loaded> loaded) {
    Dataset dataset = dataset(point, loaded);
    try {
      PreparedSize size = sizes.get(spec.data());
      if (size == null) {
        size = PreparedSize.of(dataset, spec.data());
        sizes.put(spec.data(), size);
      }
      long data = Workload.bytes(dataset) + Workload.augmentedBytes(spec, size);
      if (data + size.bytes() > memory) {
        complain(
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
        complain(
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
      complain(point, point.place(Keys.PREPARE), "data.prepare: " + wrong.getMessage());
      refused.add(spec.data());
    } catch (IllegalArgumentException wrong) {
      complain(point, wrong);
    }
  }

  /** The samples of the training part, without noisy copies, and which other parts there are. */
  private record Parts(int train, boolean validation, boolean test) {
    boolean have(EarlyStopping.Metric metric) {
      return (!metric.ofValidation() || validation) && (!metric.ofTest() || test);
    }
  }

  /** Divides the data as each point asks for, to see that it can be done and which parts result. */
  private IdentityHashMap<Point, Parts> parts(
      List<Point> points, IdentityHashMap<Point, TrialSpec> specs) {
    Map<DataSpec, Optional<Parts>> divided = new HashMap<>();
    IdentityHashMap<Point, Parts> parts = new IdentityHashMap<>();
    for (Point point : points) {
      TrialSpec spec = specs.get(point);
      if (refused.contains(spec.data())) {
        continue;
      }
      divided
          .computeIfAbsent(spec.data(), data -> divide(point, spec))
          .ifPresent(found -> parts.put(point, found));
    }
    return parts;
  }

  private Optional<Parts> divide(Point point, TrialSpec spec) {
    try {
      TrainingData data =
          DataCache.shared()
              .trainingData(spec.data().withoutAugment(), splitStream(), spec.fold(), storage);
      sizes.computeIfPresent(spec.data(), (key, size) -> size.with(data.features()));
      return Optional.of(
          new Parts(data.train().length, data.validation().length > 0, data.test().length > 0));
    } catch (DataException refused) {
      complain(point, point.placeOfData(refused.getMessage()), "data: " + refused.getMessage());
    } catch (IllegalArgumentException refused) {
      complain(point, refused);
    }
    return Optional.empty();
  }

  /** What decides how the first repeat divides its data. */
  private RandomStream splitStream() {
    return new SeedStreams(SeedStreams.trialSeed(sweep.seed(), 1, 0)).stream("split");
  }

  /** Checks that the data has the part whose metric early stopping watches. */
  private void checkWatched(Point point, TrialSpec spec, Parts parts) {
    EarlyStopping stopping = spec.training().earlyStopping();
    // parts are null where data could not be divided, and that is told
    if (stopping.enabled() && parts != null && !parts.have(stopping.metric())) {
      Key named =
          point.given().containsKey(Keys.STOPPING_METRIC)
              ? Keys.STOPPING_METRIC
              : Keys.STOPPING_PATIENCE;
      complain(
          point,
          point.place(named),
          "training.early-stopping.metric: expected a metric of a part that the data has, found %s (cure: one of %s)"
              .formatted(
                  stopping.metric().key(),
                  Arrays.stream(EarlyStopping.Metric.values())
                      .filter(parts::have)
                      .map(EarlyStopping.Metric::key)
                      .collect(Collectors.joining(", "))));
    }
  }

  /** Checks that there is a second sample wherever a batch is normalised. */
  private void checkNormalized(Point point, TrialSpec spec, Parts parts) {
    boolean normalizes = spec.network().batchNorm() && !spec.network().hidden().isEmpty();
    if (normalizes && parts != null && parts.train() * (1L + spec.data().augment().copies()) == 1) {
      complain(
          point,
          Keys.BATCH_NORM,
          "false with a training part of one sample, which has no variance");
    }
  }

  /** The sweep's objective, else for each point the default for the parts that its data has. */
  private IdentityHashMap<Point, Objective> objectives(
      List<Point> points, IdentityHashMap<Point, Parts> parts) {
    IdentityHashMap<Point, Objective> objectives = new IdentityHashMap<>();
    for (Point point : points) {
      Parts own = parts.getOrDefault(point, new Parts(0, true, true));
      Objective objective =
          sweep.objective().orElseGet(() -> Objective.byDefault(own.validation(), own.test()));
      objectives.put(point, objective);
      if (!objective.isOf(own.validation(), own.test())) {
        complain(
            point,
            sweep.place(),
            "objective.metric: expected a metric of a part that the data has, found %s (cure: one of %s)"
                .formatted(
                    objective.metric(),
                    String.join(", ", Objective.metrics(own.validation(), own.test()))));
      }
    }
    return objectives;
  }

  private Plan plan(
      List<Point> all,
      List<Point> kept,
      IdentityHashMap<Point, TrialSpec> specs,
      Map<Object, Loaded> loaded,
      IdentityHashMap<Point, Objective> objectives) {
    Map<String, Point> distinct = new LinkedHashMap<>();
    for (Point point : kept) {
      distinct.putIfAbsent(Canonical.point(byContent(point), fingerprint(point, loaded)), point);
    }
    List<PlannedTrial> trials = new ArrayList<>();
    Map<String, String> hashes = new HashMap<>();
    distinct.forEach(
        (canonical, point) -> {
          checkHash(hashes, Canonical.hash(canonical), canonical);
          for (int repeat = 1; repeat <= sweep.repeats(); repeat++) {
            for (int fold = firstFold(point); fold <= folds(point); fold++) {
              trials.add(
                  trial(point, canonical, repeat, fold, loaded, objectives.get(point), hashes));
            }
          }
        });
    List<Dataset> datasets = loaded.values().stream().map(Loaded::dataset).distinct().toList();
    Remarks remarks = new Remarks();
    remarks.ofSweep(sweep.notes());
    datasets.forEach(remarks::ofFiles);
    remarks.ofChoosing(trials);
    remarks.ofPeers(trials);
    RandomStream split = splitStream();
    for (Point point : distinct.values()) {
      remarks.ofPoint(point, specs.get(point).data(), dataset(point, loaded), split);
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
      Map<Object, Loaded> loaded,
      Objective objective,
      Map<String, String> hashes) {
    Map<Key, Object> values = point.values();
    String fingerprint = fingerprint(point, loaded);
    String canonical = Canonical.trial(byContent(point), fingerprint, sweep.seed(), repeat, fold);
    checkHash(hashes, Canonical.hash(canonical), canonical);
    String lineage = Canonical.lineage(byContent(point), fingerprint, sweep.seed(), repeat, fold);
    TrialSpec spec = spec(point, repeat, fold).orElseThrow();
    boolean ownValidation = dataset(point, loaded).validationRows() > 0;
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
    if (!initial(point).given()) {
      return point.values();
    }
    Map<Key, Object> values = new LinkedHashMap<>(point.values());
    values.put(Keys.INITIAL, "sha256:" + initial(point).content());
    return values;
  }

  private static String fingerprint(Point point, Map<Object, Loaded> loaded) {
    return loaded.get(point.values().get(Keys.SOURCE)).fingerprint();
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
