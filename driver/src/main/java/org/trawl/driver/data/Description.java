package org.trawl.driver.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.trawl.core.data.preparation.PreparedSamples;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.driver.plan.DataRemarks;
import org.trawl.driver.plan.FeatureScales;

/** What is in a data set: counts, classes, and the values of each feature over all parts. */
public final class Description {
  private static final List<String> PARTS = List.of("train", "validation", "test");

  private final SourceSpec source;
  private final Dataset dataset;
  private final List<String> prepare;
  private final List<Feature> features;

  /**
   * A feature.
   *
   * @param position from 0
   * @param name in the files; empty where they have none
   * @param minimum and the others: of the values that are there; NaN where none is, or texts are
   * @param deviation of the population
   * @param missing how many values are not there
   * @param constant whether all values that are there are the same
   */
  public record Feature(
      int position,
      String name,
      double minimum,
      double maximum,
      double mean,
      double deviation,
      long missing,
      boolean constant) {}

  /**
   * Looks at all values.
   *
   * @param prepare the steps that it gets where a sweep gives none
   */
  public Description(SourceSpec source, Dataset dataset, List<String> prepare) {
    this.source = source;
    this.dataset = dataset;
    this.prepare = List.copyOf(prepare);
    this.features = features(dataset);
  }

  private static List<Feature> features(Dataset dataset) {
    Samples samples = dataset.samples();
    Map<Integer, TextColumn> texts =
        dataset.texts().stream()
            .collect(Collectors.toMap(TextColumn::feature, Function.identity()));
    int columns = samples.columns();
    double[] minimum = new double[columns];
    double[] maximum = new double[columns];
    double[] mean = new double[columns];
    double[] squares = new double[columns];
    int[] count = new int[columns];
    for (int row = 0; row < samples.rows(); row++) {
      for (int i = 0; i < columns; i++) {
        double value = samples.value(row, i);
        if (!Double.isNaN(value)) {
          minimum[i] = count[i] == 0 ? value : Math.min(minimum[i], value);
          maximum[i] = count[i] == 0 ? value : Math.max(maximum[i], value);
          count[i]++;
          double difference = value - mean[i]; // Welford 1962
          mean[i] += difference / count[i];
          squares[i] += difference * (value - mean[i]);
        }
      }
    }
    List<String> names = dataset.columns().names();
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      TextColumn text = texts.get(i);
      boolean none = count[i] == 0 || text != null;
      features.add(
          new Feature(
              i,
              names.isEmpty() ? "" : names.get(i),
              none ? Double.NaN : minimum[i],
              none ? Double.NaN : maximum[i],
              none ? Double.NaN : mean[i],
              none ? Double.NaN : Math.sqrt(squares[i] / count[i]),
              text == null ? samples.rows() - count[i] : text.missingOf(samples),
              text == null
                  ? !(minimum[i] < maximum[i])
                  : text.values().size() - text.missing().size() < 2));
    }
    return features;
  }

  /** What was decided about the files that they do not say themselves, and what looks wrong. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>(DataRemarks.of(dataset).all());
    notes.addAll(PreparedSamples.collapsed(dataset, List.of()));
    FeatureScales.of(dataset).remark(prepare).ifPresent(notes::add);
    return notes;
  }

  /** Of each feature. */
  public List<Feature> features() {
    return features;
  }

  /** What can be said of the whole, by name. */
  public Map<String, Object> summary() {
    Samples samples = dataset.samples();
    boolean bytes = samples instanceof Samples.Bytes;
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("name", dataset.name());
    summary.put("format", source.format().key());
    summary.put("train", dataset.trainRows());
    summary.put("validation", dataset.validationRows());
    summary.put("test", dataset.testRows());
    summary.put("features", dataset.features());
    summary.put("text_columns", dataset.texts().isEmpty() ? null : dataset.texts().size());
    summary.put("shape", dataset.shape().image() ? dataset.shape().toString() : null);
    summary.put("classes", dataset.classes().size());
    summary.put("values", bytes ? "bytes" : "reals");
    summary.put("memory_bytes", (long) samples.rows() * samples.columns() * (bytes ? 1 : 4));
    summary.put("full_scale", dataset.fullScale() > 0 ? dataset.fullScale() : null);
    summary.put(
        "minimum",
        features.stream()
            .mapToDouble(Feature::minimum)
            .filter(d -> !Double.isNaN(d))
            .min()
            .orElse(Double.NaN));
    summary.put(
        "maximum",
        features.stream()
            .mapToDouble(Feature::maximum)
            .filter(d -> !Double.isNaN(d))
            .max()
            .orElse(Double.NaN));
    summary.put("missing", features.stream().mapToLong(Feature::missing).sum());
    summary.put("constant_features", features.stream().filter(Feature::constant).count());
    return summary;
  }

  /** Samples of each class in each part, a row a class. */
  public List<Map<String, Object>> classes() {
    int[][] counts = new int[PARTS.size()][dataset.classes().size()];
    int test = dataset.trainRows() + dataset.validationRows();
    for (int row = 0; row < dataset.samples().rows(); row++) {
      counts[row < dataset.trainRows() ? 0 : row < test ? 1 : 2][dataset.labels()[row]]++;
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < dataset.classes().size(); i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("class", dataset.classes().get(i));
      for (int part = 0; part < PARTS.size(); part++) {
        row.put(PARTS.get(part), counts[part][i]);
      }
      row.put("train_share", counts[0][i] / (double) dataset.trainRows());
      rows.add(row);
    }
    return rows;
  }
}
