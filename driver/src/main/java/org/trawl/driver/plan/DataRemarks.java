package org.trawl.driver.plan;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.TextColumn;

/**
 * What looks wrong in a data set, whatever is done with it: a label that is no class, a feature
 * that is no measurement. A sentence each, with its cure.
 */
public final class DataRemarks {
  /** Labels fewer than these are classes, however rare each is. */
  private static final int FEWEST_LABELS = 10;

  /** Fewer samples could be in such an order by chance, or be an example. */
  private static final int FEWEST_SAMPLES = 20;

  /** More labels than these with fractions are measured rather than named. */
  private static final int MOST_FRACTIONS = 20;

  /** Samples a label, on average, below which many labels that are numbers are measured ones. */
  private static final int FEWEST_OF_A_NUMBER = 5;

  private static final int FEATURES_NAMED = 3;

  private final Dataset dataset;
  private final int[] counts;

  private final Optional<String> labels;

  private DataRemarks(Dataset dataset) {
    this.dataset = dataset;
    this.counts = new int[dataset.classes().size()];
    for (int row = 0; row < dataset.trainRows(); row++) {
      if (dataset.labels()[row] >= 0) {
        counts[dataset.labels()[row]]++;
      }
    }
    this.labels = labels();
  }

  /** Of a data set. */
  public static DataRemarks of(Dataset dataset) {
    return new DataRemarks(dataset);
  }

  /** Whether the labels look like those of classes. */
  boolean labelsAreClasses() {
    return labels.isEmpty();
  }

  /** What was decided about the files, then what looks wrong in them. */
  public List<String> all() {
    List<String> all = new ArrayList<>(dataset.columns().notes());
    labels.ifPresent(all::add);
    if (labels.isEmpty()) {
      telling().ifPresent(all::add);
    }
    counting().ifPresent(all::add);
    return all;
  }

  /** The name of a feature, else its position. */
  static String feature(Dataset dataset, int feature) {
    List<String> names = dataset.columns().names();
    if (feature >= names.size()) {
      return "feature " + feature;
    }
    return names.get(feature).isEmpty() ? "\"\"" : names.get(feature);
  }

  /** That the labels are no classes. */
  private Optional<String> labels() {
    long different = Arrays.stream(counts).filter(count -> count > 0).count();
    long once = Arrays.stream(counts).filter(count -> count == 1).count();
    long samples = Arrays.stream(counts).asLongStream().sum();
    if (different < FEWEST_LABELS) {
      return Optional.empty();
    }
    List<BigDecimal> numbers =
        IntStream.range(0, counts.length)
            .filter(i -> counts[i] > 0)
            .mapToObj(i -> number(dataset.classes().get(i)))
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    boolean numeric = numbers.size() == different;
    boolean whole = numbers.stream().allMatch(number -> number.stripTrailingZeros().scale() <= 0);
    if (numeric && whole && once == different) {
      BigDecimal first = numbers.get(0);
      BigDecimal last = numbers.get(numbers.size() - 1);
      if (last.subtract(first).compareTo(BigDecimal.valueOf(different - 1)) == 0) {
        return Optional.of(
            "the labels count the samples, %s to %s, each once, as an index column does (cure:"
                    .formatted(first.toPlainString(), last.toPlainString())
                + " label = the column that names the class)");
      }
    }
    boolean measured =
        numeric
            && different > MOST_FRACTIONS
            && (!whole || samples < FEWEST_OF_A_NUMBER * different);
    if (2 * once <= different && !measured) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%,d training samples have %,d different labels, %s once, as %s: each is a class of its"
                + " own, for Trawl classifies and has no regression (cure: label = a column of few"
                + " values)",
            samples,
            different,
            once == different ? "each" : String.format(Locale.ROOT, "%,d of them only", once),
            numeric ? "the values of a continuous quantity, or ids, do" : "names or ids do"));
  }

  private static BigDecimal number(String label) {
    try {
      return new BigDecimal(label.strip());
    } catch (NumberFormatException none) {
      return null;
    }
  }

  /** Features of which each class has one value, and each another. */
  private Optional<String> telling() {
    int classes = dataset.classes().size();
    int rows = dataset.samples().rows();
    if (classes < 2 || rows < Math.max(FEWEST_SAMPLES, 2 * classes)) {
      return Optional.empty();
    }
    Samples samples = dataset.samples();
    int[] left = IntStream.range(0, samples.columns()).toArray();
    int[] first = new int[classes];
    Arrays.fill(first, -1);
    for (int row = 0; row < rows && left.length > 0; row++) {
      int label = dataset.labels()[row];
      if (label >= 0 && first[label] < 0) {
        first[label] = row;
      } else if (label >= 0) {
        int now = row;
        left = Arrays.stream(left).filter(i -> same(samples, now, first[label], i)).toArray();
      }
    }
    int[] there = Arrays.stream(first).filter(row -> row >= 0).toArray();
    List<String> telling =
        Arrays.stream(left)
            .filter(
                i ->
                    Arrays.stream(there).mapToObj(row -> value(row, i)).distinct().count()
                        == there.length)
            .mapToObj(i -> feature(dataset, i))
            .toList();
    return there.length < 2 || telling.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: one value a class, another for each, so that a network need only read it (cure, if"
                    .formatted(named(telling))
                + " it is the label in other words: %s)".formatted(leftOut(telling)));
  }

  private double value(int row, int feature) {
    return dataset.samples().value(row, feature);
  }

  private static boolean same(Samples samples, int one, int other, int feature) {
    return samples.value(one, feature) == samples.value(other, feature);
  }

  /** Features that count the samples of the training part in their order. */
  private Optional<String> counting() {
    int rows = dataset.trainRows();
    if (dataset.shape().image() || dataset.features() < 2 || rows < FEWEST_SAMPLES) {
      return Optional.empty();
    }
    Set<Integer> texts =
        dataset.texts().stream().map(TextColumn::feature).collect(Collectors.toSet());
    List<String> counting =
        IntStream.range(0, dataset.features())
            .filter(i -> !texts.contains(i))
            .filter(
                i ->
                    IntStream.range(1, rows)
                        .allMatch(row -> value(row, i) - value(row - 1, i) == 1))
            .mapToObj(i -> feature(dataset, i))
            .toList();
    return counting.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: counts the samples, as an index column does, and is a feature (cure: %s)"
                .formatted(named(counting), leftOut(counting)));
  }

  private static String named(List<String> features) {
    int more = features.size() - FEATURES_NAMED;
    return features.stream().limit(FEATURES_NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? String.format(Locale.ROOT, " and %,d more", more) : "");
  }

  /** How features are left out: by their names, where they have some. */
  private String leftOut(List<String> features) {
    return dataset.columns().names().isEmpty()
        ? "leave it out of the file"
        : "ignore = [%s] in data.source"
            .formatted(
                Stream.concat(
                        features.stream().limit(FEATURES_NAMED),
                        features.size() > FEATURES_NAMED ? Stream.of("..") : Stream.empty())
                    .collect(Collectors.joining(", ")));
  }
}
