package org.trawl.core.data.sample;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * A source in memory: one copy a JVM, shared by all trials, never written. The rows of the training
 * part come first, then those of the source's own validation part, then those of its test part.
 *
 * @param name the source's name
 * @param samples all parts' features
 * @param labels the class of each row, 0 to classes.size() - 1; -1 of rows that are left out
 * @param classes the names of the classes in the order of their numbers
 * @param trainRows rows of the training part
 * @param validationRows rows of the source's own validation part; 0 for none
 * @param fullScale the largest value that a feature can have; 0 for unknown
 * @param shape of a sample that is an image; {@link SampleShape#NONE} otherwise
 * @param columns what the files say of its features, beside the values
 */
public record Dataset(
    String name,
    Samples samples,
    int[] labels,
    List<String> classes,
    int trainRows,
    int validationRows,
    double fullScale,
    SampleShape shape,
    Columns columns)
    implements Serializable {

  public Dataset {
    classes = List.copyOf(classes);
    if (shape.image() && shape.features() != samples.columns()) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid shape (%d features): %s", samples.columns(), shape));
    }
  }

  /** A data set whose features are all numbers, without names. */
  public Dataset(
      String name,
      Samples samples,
      int[] labels,
      List<String> classes,
      int trainRows,
      int validationRows,
      double fullScale,
      SampleShape shape) {
    this(name, samples, labels, classes, trainRows, validationRows, fullScale, shape, Columns.NONE);
  }

  /** A data set whose samples are no images. */
  public Dataset(
      String name,
      Samples samples,
      int[] labels,
      List<String> classes,
      int trainRows,
      int validationRows,
      double fullScale) {
    this(name, samples, labels, classes, trainRows, validationRows, fullScale, SampleShape.NONE);
  }

  /** Rows of the source's own test part; 0 for none. */
  public int testRows() {
    return samples.rows() - trainRows - validationRows;
  }

  /** The number of features of a sample. */
  public int features() {
    return samples.columns();
  }

  /** The features that are texts, which a preparation must make numbers of. */
  public List<TextColumn> texts() {
    return columns.texts();
  }

  /** The same samples with other features. */
  public Dataset with(Samples features, SampleShape shapeOfThem) {
    return features == samples
        ? this
        : new Dataset(
            name, features, labels, classes, trainRows, validationRows, fullScale, shapeOfThem);
  }
}
