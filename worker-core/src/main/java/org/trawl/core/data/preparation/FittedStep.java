package org.trawl.core.data.preparation;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.trawl.core.data.sample.ImageResizing;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.TextColumn;

/**
 * A step of preparation, fitted: from the features of a sample to those that the next step, or the
 * network, takes. All that it depends on is in its components, so that it can be stored beside a
 * network. Between steps features are in single precision; a step computes in double precision, in
 * one order, and rounds once.
 */
public sealed interface FittedStep extends Serializable {

  /** The number of features that it takes. */
  int inputs();

  /** The number of features that it gives. */
  int outputs();

  /**
   * Prepares samples.
   *
   * @param samples rows x inputs, row-major; not modified
   * @param rows how many samples, from the first
   * @param prepared rows x outputs, row-major; overwritten
   */
  void apply(float[] samples, int rows, float[] prepared);

  /**
   * Each feature times its factor plus its summand, by one fused operation.
   *
   * @param scale factor of each feature
   * @param shift summand of each feature
   */
  record Affine(float[] scale, float[] shift) implements FittedStep {
    public Affine {
      if (scale.length != shift.length) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid shift (%d features expected): %d",
                scale.length,
                shift.length));
      }
    }

    @Override
    public int inputs() {
      return scale.length;
    }

    @Override
    public int outputs() {
      return scale.length;
    }

    @Override
    public void apply(float[] samples, int rows, float[] prepared) {
      for (int row = 0; row < rows; row++) {
        int start = row * scale.length;
        for (int i = 0; i < scale.length; i++) {
          prepared[start + i] = Math.fma(samples[start + i], scale[i], shift[i]);
        }
      }
    }
  }

  /**
   * The luma of RGB: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601); transparency is left out, gray
   * images stay as they are.
   *
   * @param shape of the images that it takes
   * @param whole whether the result is rounded to a whole number, as that of bytes is
   */
  record Gray(SampleShape shape, boolean whole) implements FittedStep {
    @Override
    public int inputs() {
      return (int) shape.features();
    }

    @Override
    public int outputs() {
      return shape.rows() * shape.columns();
    }

    @Override
    public void apply(float[] samples, int rows, float[] prepared) {
      int channels = shape.channels();
      for (int pixel = 0; pixel < rows * outputs(); pixel++) {
        int from = pixel * channels;
        if (channels < 3) {
          prepared[pixel] = samples[from];
          continue;
        }
        double luma = 0.299 * samples[from] + 0.587 * samples[from + 1] + 0.114 * samples[from + 2];
        prepared[pixel] = (float) (whole ? Math.floor(luma + 0.5) : luma);
      }
    }
  }

  /**
   * Images of another size: each new pixel is the mean of the old ones around its centre, weighted
   * by a triangle as wide as two pixels, old or new, whichever are larger; so that shrinking leaves
   * out nothing and enlarging is linear interpolation. Each channel is resized by itself.
   *
   * @param shape of the images that it takes
   * @param rows of those that it gives
   * @param columns of those that it gives
   * @param whole whether the result is rounded to whole numbers, as that of bytes is
   */
  record Resize(SampleShape shape, int rows, int columns, boolean whole) implements FittedStep {
    @Override
    public int inputs() {
      return (int) shape.features();
    }

    @Override
    public int outputs() {
      return rows * columns * shape.channels();
    }

    @Override
    public void apply(float[] samples, int count, float[] prepared) {
      ImageResizing resizing = new ImageResizing(shape, rows, columns, whole);
      for (int i = 0; i < count; i++) {
        resizing.apply(samples, i * inputs(), prepared, i * outputs());
      }
    }
  }

  /**
   * Values in the place of those that are missing (NaN); behind all features, for some of them, 1
   * where they are missing and 0 elsewhere.
   *
   * @param values that are put, of each feature
   * @param indicated features that are followed by such a feature
   */
  record Impute(float[] values, List<Integer> indicated) implements FittedStep {
    public Impute {
      indicated = List.copyOf(indicated);
      for (int feature : indicated) {
        if (feature < 0 || feature >= values.length) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT, "Invalid feature (0 to %d): %d", values.length - 1, feature));
        }
      }
    }

    @Override
    public int inputs() {
      return values.length;
    }

    @Override
    public int outputs() {
      return values.length + indicated.size();
    }

    @Override
    public void apply(float[] samples, int rows, float[] prepared) {
      for (int row = 0; row < rows; row++) {
        int from = row * inputs();
        int to = row * outputs();
        for (int i = 0; i < values.length; i++) {
          float value = samples[from + i];
          prepared[to + i] = Float.isNaN(value) ? values[i] : value;
        }
        for (int i = 0; i < indicated.size(); i++) {
          boolean missing = Float.isNaN(samples[from + indicated.get(i)]);
          prepared[to + values.length + i] = missing ? 1 : 0;
        }
      }
    }
  }

  /**
   * Texts as features: each column of them becomes a feature for each text, 1 where the sample has
   * it and 0 elsewhere, in numeric order where all are numbers, else in Unicode order; columns of
   * numbers stay, and all are in the order of the columns. A text that is not in the list (whose
   * position is -1) has 0 in all.
   *
   * @param inputs the number of columns
   * @param columns those of texts, in their order
   */
  record OneHot(int inputs, List<TextColumn> columns) implements FittedStep {
    public OneHot {
      columns = List.copyOf(columns);
      for (TextColumn column : columns) {
        if (column.feature() < 0 || column.feature() >= inputs) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT, "Invalid column (0 to %d): %d", inputs - 1, column.feature()));
        }
      }
    }

    @Override
    public int outputs() {
      return inputs - columns.size() + columns.stream().mapToInt(c -> c.values().size()).sum();
    }

    @Override
    public void apply(float[] samples, int rows, float[] prepared) {
      int[][] places = new int[inputs][];
      for (TextColumn column : columns) {
        places[column.feature()] = places(column.values());
      }
      Arrays.fill(prepared, 0, rows * outputs(), 0);
      for (int row = 0; row < rows; row++) {
        int to = row * outputs();
        for (int i = 0; i < inputs; i++) {
          float value = samples[row * inputs + i];
          if (places[i] == null) {
            prepared[to++] = value;
            continue;
          }
          if (value >= 0 && value < places[i].length) {
            prepared[to + places[i][(int) value]] = 1;
          }
          to += places[i].length;
        }
      }
    }

    /** The offsets of the features that it gives, of those of the columns. */
    double[] offsets(double[] offsets) {
      double[] made = new double[outputs()];
      int to = 0;
      int text = 0;
      for (int i = 0; i < inputs; i++) {
        if (text < columns.size() && columns.get(text).feature() == i) {
          to += columns.get(text++).values().size();
        } else {
          made[to++] = offsets[i];
        }
      }
      return made;
    }

    /** The texts of a column in the order of their features. */
    public List<String> order(TextColumn column) {
      return LabelsBuilder.sorted(column.values());
    }

    /** Of each text, the place of its feature among those of the column. */
    private static int[] places(List<String> values) {
      List<String> sorted = LabelsBuilder.sorted(values);
      return values.stream().mapToInt(sorted::indexOf).toArray();
    }
  }

  /**
   * Principal components: (x - mean) times the loadings.
   *
   * @param mean of each feature
   * @param loadings [inputs][outputs], row-major: a unit vector a component, in columns
   * @param outputs the number of components
   */
  record Pca(float[] mean, float[] loadings, int outputs) implements FittedStep {
    public Pca {
      if (loadings.length != (long) mean.length * outputs) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid loadings (%d x %d expected): %d",
                mean.length,
                outputs,
                loadings.length));
      }
    }

    @Override
    public int inputs() {
      return mean.length;
    }

    @Override
    public void apply(float[] samples, int rows, float[] prepared) {
      double[] sums = new double[outputs];
      for (int row = 0; row < rows; row++) {
        Arrays.fill(sums, 0);
        for (int i = 0; i < mean.length; i++) {
          double difference = (double) samples[row * mean.length + i] - mean[i];
          int loading = i * outputs;
          for (int j = 0; j < outputs; j++) {
            sums[j] += difference * loadings[loading + j];
          }
        }
        for (int j = 0; j < outputs; j++) {
          prepared[row * outputs + j] = (float) sums[j];
        }
      }
    }
  }

  /**
   * Histograms of oriented gradients: {@link GradientHistograms}.
   *
   * @param shape of the images that it takes
   * @param step sizes of cells and blocks
   */
  record Hog(SampleShape shape, PrepareStep.Hog step) implements FittedStep {
    @Override
    public int inputs() {
      return (int) shape.features();
    }

    @Override
    public int outputs() {
      return (int) GradientHistograms.features(shape, step);
    }

    @Override
    public void apply(float[] samples, int rows, float[] prepared) {
      GradientHistograms histograms = new GradientHistograms(shape, step);
      for (int i = 0; i < rows; i++) {
        histograms.apply(samples, i * inputs(), prepared, i * outputs());
      }
    }
  }
}
