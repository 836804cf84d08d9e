package org.trawl.driver.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.preparation.PrepareStep.OfRows;
import org.trawl.core.data.preparation.PreparedSamples;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.split.ClassCounts;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.training.EarlyStopping;
import org.trawl.driver.sweep.Keys;

/**
 * What is told of a plan beside its numbers: decisions about files that they do not say themselves,
 * and what looks wrong without keeping anything from being trained. A sentence each, with its cure;
 * one for all the points that share it.
 */
final class Remarks {
  private static final int CLASSES_NAMED = 3;
  private static final String OR_LEAVE_OUT =
      ", or leave such classes out: prepare = [{ classes = [..] }])";

  private final Set<String> remarks = new LinkedHashSet<>();

  /** The points that have each kind of doubt about each data set. */
  private final Map<Kind, Doubt> doubts = new LinkedHashMap<>();

  /** Data sets whose labels are no classes, so that nothing more need be said of these. */
  private final Set<String> withoutClasses = new HashSet<>();

  private final Map<String, FeatureScales> scales = new HashMap<>();
  private final Map<DataSpec, List<Told>> classes = new HashMap<>();
  private int points;

  private record Kind(String dataset, String word) {}

  private record Told(String word, String text) {}

  /** A sentence about the first of some points, and how many they are. */
  private static final class Doubt {
    private final Point first;
    private final String text;
    private int points;

    Doubt(Point first, String text) {
      this.first = first;
      this.text = text;
    }
  }

  /** Choices by the test part that a file asks for although there is a validation part. */
  void ofChoosing(List<PlannedTrial> trials) {
    for (PlannedTrial trial : trials) {
      DataSpec data = trial.spec().data();
      if (data.validation().size() == 0 && data.folds() == 0) {
        continue;
      }
      String objective = trial.peers().objective().metric();
      if (objective.startsWith("test_")) {
        remarks.add(
            byTest("objective.metric", objective, objective.replace("test_macro", "macro")));
      }
      EarlyStopping stopping = trial.spec().training().earlyStopping();
      if (stopping.enabled() && stopping.metric().ofTest()) {
        String metric = stopping.metric().key();
        remarks.add(byTest(Keys.STOPPING_METRIC.path(), metric, metric));
      }
    }
  }

  private static String byTest(String key, String metric, String otherwise) {
    return "%s = %s chooses by the test part, so that it says too much of other samples (cure: %s)"
        .formatted(key, metric, otherwise.replace("test_", "validation_"));
  }

  /** Trials that are not compared with each other, as their metrics are of different samples. */
  void ofPeers(List<PlannedTrial> trials) {
    Map<Peers, Long> peers =
        trials.stream()
            .collect(
                Collectors.groupingBy(
                    PlannedTrial::peers, LinkedHashMap::new, Collectors.counting()));
    if (peers.size() > 1) {
      Map<String, String> names = DataNames.of(trials.stream().map(PlannedTrial::row).toList());
      String data =
          peers.keySet().stream()
              .map(each -> names.get(each.data()) + " by " + each.objective().metric())
              .collect(Collectors.joining("; "));
      remarks.add(
          "trials are compared within the same data only, and these have different samples to"
              + " validate or test: "
              + data);
    }
  }

  /** What was decided as the sweep file was read. */
  void ofSweep(List<String> notes) {
    remarks.addAll(notes);
  }

  /** What was decided as the files of a data set were read, and what looks wrong in them. */
  void ofFiles(Dataset dataset) {
    DataRemarks found = DataRemarks.of(dataset);
    found.all().forEach(note -> remarks.add(dataset.name() + ": " + note));
    if (!found.labelsAreClasses()) {
      withoutClasses.add(dataset.name());
    }
  }

  /**
   * What looks wrong in what a point makes of its data.
   *
   * @param split decides how its data are divided
   */
  void ofPoint(Point point, DataSpec data, Dataset dataset, RandomStream split) {
    points++;
    DataSpec rows =
        new DataSpec(
            data.source(),
            data.validation(),
            data.test(),
            data.folds(),
            data.pooled(),
            data.limit(),
            data.prepare().stream().filter(OfRows.class::isInstance).toList());
    List<Told> ofClasses =
        withoutClasses.contains(dataset.name())
            ? List.of()
            : classes.computeIfAbsent(
                rows, spec -> ofClasses(ClassCounts.of(dataset, spec, split), spec));
    ofClasses.forEach(told -> add(point, dataset, told.word(), told.text()));
    List<String> prepare =
        ((List<?>) point.values().get(Keys.PREPARE)).stream().map(String::valueOf).toList();
    scales
        .computeIfAbsent(dataset.name(), name -> FeatureScales.of(dataset))
        .remark(prepare)
        .ifPresent(text -> add(point, dataset, "scales", text));
  }

  private void add(Point point, Dataset dataset, String kind, String text) {
    doubts.computeIfAbsent(new Kind(dataset.name(), kind), k -> new Doubt(point, text)).points++;
  }

  /** All sentences, in the order in which they are told. */
  /** What a preparation makes of the features of a data set. */
  void ofPreparation(Dataset dataset, List<PrepareStep> prepare) {
    PreparedSamples.collapsed(dataset, prepare)
        .forEach(note -> remarks.add(dataset.name() + ": " + note));
  }

  List<String> all() {
    List<String> all = new ArrayList<>(remarks);
    doubts.forEach(
        (kind, doubt) ->
            all.add(
                "%s: %s%s"
                    .formatted(
                        kind.dataset(),
                        doubt.text,
                        doubt.points == points
                            ? ""
                            : String.format(
                                Locale.ROOT,
                                "; so %d of %d points, the first: %s",
                                doubt.points,
                                points,
                                doubt.first.label()))));
    return all;
  }

  /** What is wrong with how the samples of each class are divided. */
  private static List<Told> ofClasses(ClassCounts counts, DataSpec spec) {
    List<Told> told = new ArrayList<>();
    int[] train = counts.train();
    int[] validation = counts.validation();
    int[] test = counts.test();
    int[] divided = counts.divided();
    if (spec.folds() > 0) {
      named(counts, i -> divided[i] > 0 && divided[i] < spec.folds())
          .ifPresent(names -> told.add(new Told("folds", ofFolds(counts, names, spec.folds()))));
    } else {
      lacking(counts, "validation", validation).ifPresent(told::add);
    }
    lacking(counts, "test", test).ifPresent(told::add);
    named(counts, i -> train[i] == 0 && validation[i] + test[i] > 0)
        .ifPresent(names -> told.add(new Told("untrained", untrained(names, spec))));
    named(counts, i -> train[i] + validation[i] + test[i] == 0)
        .filter(names -> spec.folds() == 0)
        .ifPresent(
            names ->
                told.add(
                    new Told(
                        "none",
                        "no sample is left of "
                            + names
                            + " (cure: a larger limit, or leave such classes out: prepare = [{"
                            + " classes = [..] }])")));
    return told;
  }

  private static String ofFolds(ClassCounts counts, String names, int folds) {
    int[] divided = counts.divided();
    boolean single = IntStream.of(divided).anyMatch(count -> count == 1);
    return String.format(
            Locale.ROOT,
            "%s: fewer samples than the %d folds, so that some folds do not validate them",
            names,
            folds)
        + (single
            ? ", and one that has a single sample is validated without having been trained on"
            : "")
        + " (cure: fewer folds"
        + OR_LEAVE_OUT;
  }

  private static Optional<Told> lacking(ClassCounts counts, String part, int[] there) {
    int[] train = counts.train();
    return IntStream.of(there).sum() == 0
        ? Optional.empty()
        : named(counts, i -> there[i] == 0 && train[i] > 0)
            .map(
                names ->
                    new Told(
                        part,
                        "the %s part has no sample of %s and says nothing of them (cure: a larger part"
                                .formatted(part, names)
                            + OR_LEAVE_OUT));
  }

  private static String untrained(String names, DataSpec spec) {
    return "the training part has no sample of "
        + names
        + ", which other parts have: they are never trained on, and count as wrong (cure: "
        + (spec.limit() > 0 ? "a larger limit" : "smaller other parts")
        + OR_LEAVE_OUT;
  }

  /** "3 classes (a: 2, b: 1, c: 4)" with the samples of each; empty for none. */
  private static Optional<String> named(ClassCounts counts, IntPredicate chosen) {
    List<Integer> found =
        IntStream.range(0, counts.classes().size()).filter(chosen).boxed().toList();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String names =
        found.stream()
            .limit(CLASSES_NAMED)
            .map(
                i ->
                    String.format(
                        Locale.ROOT, "%s: %d", counts.classes().get(i), counts.divided()[i]))
            .collect(Collectors.joining(", "));
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%,d class%s (%s%s)",
            found.size(),
            found.size() == 1 ? "" : "es",
            names,
            found.size() > CLASSES_NAMED
                ? String.format(Locale.ROOT, " and %,d more", found.size() - CLASSES_NAMED)
                : ""));
  }
}
