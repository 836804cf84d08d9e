package org.trawl.core.data;

import java.io.Serializable;
import java.util.List;

/**
 * A data set as it is distributed: which files, and how they are read. Built from the catalogue or
 * from a sweep file; addresses are absolute.
 *
 * @param name the catalogue's name, or a short name made from the first file
 * @param train addresses of the training part's files
 * @param trainLabels idx: addresses of its label files, one a file of {@code train}
 * @param validation addresses of the source's own validation part's files; empty for none
 * @param validationLabels its labels, as {@code trainLabels}
 * @param test addresses of the test part's files; empty for none
 * @param testLabels idx: addresses of its label files
 * @param label csv: the label column, a header's name or a position from 0 (negative from the end);
 *     empty for the last one
 * @param header csv: whether the first line names the columns
 * @param classes the labels in the order of their numbers; empty to take those found. idx: words
 *     name the labels 0, 1, … in their order
 * @param fullScale the largest value that a feature can have, for {@code unit}; 0 for 255 of bytes,
 *     else unknown
 * @param shape of samples that are images, where the files do not say; {@link SampleShape#NONE} for
 *     what they say
 * @param obtain how to come by the files, for the message of a missing one; empty for unknown
 */
public record SourceSpec(
    String name,
    Format format,
    List<String> train,
    List<String> trainLabels,
    List<String> validation,
    List<String> validationLabels,
    List<String> test,
    List<String> testLabels,
    String label,
    Header header,
    List<String> classes,
    double fullScale,
    SampleShape shape,
    String obtain)
    implements Serializable {

  public SourceSpec {
    train = List.copyOf(train);
    trainLabels = List.copyOf(trainLabels);
    validation = List.copyOf(validation);
    validationLabels = List.copyOf(validationLabels);
    test = List.copyOf(test);
    testLabels = List.copyOf(testLabels);
    classes = List.copyOf(classes);
    if (!(fullScale >= 0 && fullScale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid full-scale (finite, above 0; 0 for unknown): " + fullScale);
    }
  }

  /** A source without a validation part of its own, whose files are there and say their shape. */
  public SourceSpec(
      String name,
      Format format,
      List<String> train,
      List<String> trainLabels,
      List<String> test,
      List<String> testLabels,
      String label,
      Header header,
      List<String> classes,
      double fullScale) {
    this(
        name,
        format,
        train,
        trainLabels,
        List.of(),
        List.of(),
        test,
        testLabels,
        label,
        header,
        classes,
        fullScale,
        SampleShape.NONE,
        "");
  }

  /** The file formats that can be read. */
  public enum Format {
    /** MNIST's: big-endian header, then bytes; gzip or not. */
    IDX,
    /** A line a sample; numbers, and one column with the label; gzip or not. */
    CSV
  }

  /** Whether the first line of a CSV file names its columns. */
  public enum Header {
    PRESENT,
    ABSENT,
    /**
     * Present if the label is given by name, or if a column has a text on the first line and a
     * number on the second.
     */
    AUTO
  }
}
