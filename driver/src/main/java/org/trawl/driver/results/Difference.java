package org.trawl.driver.results;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.trawl.core.training.Confusion;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.Evaluation;

/**
 * Where two trainings of one trial part.
 *
 * @param epoch from 1; 0 where it is no epoch's
 * @param column of the table epochs, or what else is kept of a trial
 * @param stored value
 * @param now the value that the other training gave
 */
public record Difference(int epoch, String column, String stored, String now) {
  /** The columns of epochs that may differ between two trainings, and those that name a row. */
  private static final Set<String> NOT_COMPARED =
      Set.of("trial", "epoch", "seconds", "samples_per_second");

  private static final List<String> METRICS =
      Table.EPOCHS.columns().stream()
          .map(Column::name)
          .filter(column -> !NOT_COMPARED.contains(column))
          .toList();

  /**
   * The first difference, bit for bit, of what a run keeps of a trial and another training of it:
   * in the order of epochs, then of columns.
   *
   * @param epochs the trial's rows of the table epochs; none before it is first written
   */
  public static Optional<Difference> first(
      Segment stored, List<Map<String, Object>> epochs, Segment now) {
    return Stream.of(
            epochs(stored.epochs(), now.epochs()),
            table(epochs, now.epochs()),
            texts("epochs_run", stored.epochs().size(), now.epochs().size()),
            texts("status", stored.attempt().outcome(), now.attempt().outcome()),
            texts("message", stored.attempt().cause(), now.attempt().cause()),
            texts("parameters", stored.parameters(), now.parameters()),
            stored.weights().isEmpty() // of a run before hashes were kept
                ? Stream.<Difference>empty()
                : texts("weights", stored.weights(), now.weights()))
        .flatMap(differences -> differences)
        .findFirst();
  }

  private static Stream<Difference> epochs(List<EpochResult> stored, List<EpochResult> now) {
    return now.stream()
        .limit(stored.size())
        .flatMap(epoch -> epoch(stored.get(epoch.epoch() - 1), epoch));
  }

  private static Stream<Difference> epoch(EpochResult stored, EpochResult now) {
    Stream<Difference> metrics =
        METRICS.stream()
            .flatMap(
                metric ->
                    reals(
                        now.epoch(),
                        metric,
                        EpochMetrics.value(stored, metric),
                        EpochMetrics.value(now, metric)));
    return Stream.of(
            metrics,
            part(now.epoch(), "train", stored.train(), now.train()),
            part(now.epoch(), "validation", stored.validation(), now.validation()),
            part(now.epoch(), "test", stored.test(), now.test()),
            layers(stored, now))
        .flatMap(differences -> differences);
  }

  private static Stream<Difference> layers(EpochResult stored, EpochResult now) {
    // An older run has none.
    return IntStream.range(0, Math.min(stored.layers().size(), now.layers().size()))
        .boxed()
        .flatMap(
            index ->
                LayerMetrics.COLUMNS.stream()
                    .skip(1)
                    .flatMap(
                        column ->
                            reals(
                                now.epoch(),
                                String.format(
                                    Locale.ROOT, "%s of layer %d", column.name(), index + 1),
                                LayerMetrics.value(stored.layers().get(index), column.name()),
                                LayerMetrics.value(now.layers().get(index), column.name()))));
  }

  private static Stream<Difference> table(List<Map<String, Object>> rows, List<EpochResult> now) {
    return rows.stream()
        .filter(row -> (Integer) row.get("epoch") <= now.size())
        .flatMap(
            row -> {
              EpochResult epoch = now.get((Integer) row.get("epoch") - 1);
              return METRICS.stream()
                  .flatMap(
                      metric ->
                          reals(
                              epoch.epoch(),
                              metric + " (in tables/epochs)",
                              row.get(metric) instanceof Double value ? value : Double.NaN,
                              EpochMetrics.value(epoch, metric)));
            });
  }

  private static Stream<Difference> reals(int epoch, String column, double stored, double now) {
    // Values that are not finite are kept as NULL.
    double kept = Double.isFinite(now) ? now : Double.NaN;
    return Double.doubleToLongBits(stored) == Double.doubleToLongBits(kept)
        ? Stream.empty()
        : Stream.of(new Difference(epoch, column, String.valueOf(stored), String.valueOf(now)));
  }

  private static Stream<Difference> part(
      int epoch, String part, Optional<Evaluation> stored, Optional<Evaluation> now) {
    double[] one = stored.map(Evaluation::rocAuc).orElse(new double[0]);
    double[] other = now.map(Evaluation::rocAuc).orElse(new double[0]);
    Stream<Difference> others =
        one.length == 0 // of an older run
            ? Stream.empty()
            : Stream.concat(
                Stream.of(
                        reals(
                            epoch,
                            part + "_top_k_accuracy",
                            stored.orElseThrow().topKAccuracy(),
                            now.orElseThrow().topKAccuracy()),
                        reals(
                            epoch,
                            part + "_calibration_error",
                            stored.orElseThrow().calibrationError(),
                            now.orElseThrow().calibrationError()))
                    .flatMap(difference -> difference),
                IntStream.range(0, one.length)
                    .boxed()
                    .flatMap(
                        type ->
                            reals(
                                epoch,
                                String.format(Locale.ROOT, "%s_roc_auc[%d]", part, type),
                                one[type],
                                other[type])));
    return Stream.concat(confusion(epoch, part + "_confusion", stored, now), others);
  }

  private static Stream<Difference> confusion(
      int epoch, String column, Optional<Evaluation> stored, Optional<Evaluation> now) {
    Map<List<Integer>, Integer> one = counts(stored);
    Map<List<Integer>, Integer> other = counts(now);
    return Stream.of(one, other)
        .flatMap(counts -> counts.keySet().stream())
        .filter(pair -> !Objects.equals(one.get(pair), other.get(pair)))
        .min(
            Comparator.comparing((List<Integer> pair) -> pair.get(0))
                .thenComparing(pair -> pair.get(1)))
        .map(
            pair ->
                new Difference(
                    epoch,
                    String.format(Locale.ROOT, "%s[%d][%d]", column, pair.get(0), pair.get(1)),
                    count(one, pair),
                    count(other, pair)))
        .stream();
  }

  /** The samples of each pair of an actual and a predicted class that occurs. */
  private static Map<List<Integer>, Integer> counts(Optional<Evaluation> part) {
    Confusion confusion = part.map(Evaluation::pairs).orElse(Confusion.NONE);
    return IntStream.range(0, confusion.pairs())
        .boxed()
        .collect(
            Collectors.toMap(
                pair -> List.of(confusion.actual()[pair], confusion.predicted()[pair]),
                pair -> confusion.counts()[pair]));
  }

  /** Of a part that was not evaluated there is none. */
  private static String count(Map<List<Integer>, Integer> counts, List<Integer> pair) {
    return counts.isEmpty() ? "none" : String.valueOf(counts.getOrDefault(pair, 0));
  }

  private static Stream<Difference> texts(String column, Object stored, Object now) {
    return stored.equals(now)
        ? Stream.empty()
        : Stream.of(new Difference(0, column, stored.toString(), now.toString()));
  }
}
