package org.trawl.core.data.source;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.trawl.core.data.sample.SampleShape;

/**
 * A data set as it is distributed: which files, and how they are read. Built from the catalogue or
 * from a sweep file; addresses are absolute.
 *
 * @param name the catalogue's name, or a short name made from the first file
 * @param train addresses of the training part's files
 * @param trainLabels idx, npy: addresses of its label files, one a file of {@code train}; npz, mat:
 *     empty where they are in the same file
 * @param validation addresses of the source's own validation part's files; empty for none
 * @param validationLabels its labels, as {@code trainLabels}
 * @param test addresses of the test part's files; empty for none
 * @param testLabels its labels, as {@code trainLabels}
 * @param label csv, parquet and table: the label column, a name or, where no column has it, a
 *     position from 0 (negative from the end); empty for the last one. cifar100: "fine" or "coarse"
 * @param form how the columns of a table are read
 * @param classes the labels in the order of their numbers; empty to take those found. Where labels
 *     are numbers in a binary file, words name the labels 0, 1, … in their order. cifar10,
 *     cifar100: numbers or names of those to take, samples of others are left out
 * @param relabel labels of the files that are to be taken for others, by what they are in the files
 * @param fullScale the largest value that a feature can have, for {@code unit}; 0 for 255 of bytes,
 *     else unknown
 * @param shape of samples that are images, where the files do not say; {@link SampleShape#NONE} for
 *     what they say
 * @param changes what is done to images as they are read
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
    TableForm form,
    List<String> classes,
    Map<String, String> relabel,
    double fullScale,
    SampleShape shape,
    ImageChanges changes,
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
    relabel = Map.copyOf(relabel);
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
        TableForm.of(header),
        classes,
        Map.of(),
        fullScale,
        SampleShape.NONE,
        ImageChanges.NONE,
        "");
  }

  /** A source whose table has its columns as they are. */
  public SourceSpec(
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
      Map<String, String> relabel,
      double fullScale,
      SampleShape shape,
      ImageChanges changes,
      String obtain) {
    this(
        name,
        format,
        train,
        trainLabels,
        validation,
        validationLabels,
        test,
        testLabels,
        label,
        TableForm.of(header),
        classes,
        relabel,
        fullScale,
        shape,
        changes,
        obtain);
  }

  /** Whether the first line of a CSV file names its columns. */
  public Header header() {
    return form.csv().header();
  }

  /**
   * What is done to images as they are read, so that those of all files have one size and stand
   * upright.
   *
   * @param rows that each image is resized to; 0 where images stay as large as they are
   * @param columns as {@code rows}
   * @param transposed whether the files have rows for columns (EMNIST's do)
   */
  public record ImageChanges(int rows, int columns, boolean transposed) implements Serializable {
    /** Pixels of an image of a source, at most. */
    public static final int MOST_PIXELS = 1 << 24;

    /** Images as they are. */
    public static final ImageChanges NONE = new ImageChanges(0, 0, false);

    public ImageChanges {
      boolean none = rows == 0 && columns == 0;
      boolean size = rows > 0 && columns > 0 && (long) rows * columns <= MOST_PIXELS;
      if (!none && !size) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid size (at least 1 x 1, at most %d pixels): %d x %d",
                MOST_PIXELS,
                rows,
                columns));
      }
    }

    /** Whether images are resized. */
    public boolean resizes() {
      return rows > 0;
    }
  }

  /** The addresses of all files. */
  public List<String> addresses() {
    return Stream.of(train, trainLabels, validation, validationLabels, test, testLabels)
        .flatMap(List::stream)
        .toList();
  }

  /** The file formats that can be read. */
  public enum Format {
    /** MNIST's: big-endian header, then bytes; gzip or not. */
    IDX("an IDX file, gzip or not"),
    /** A line a sample; numbers, and one column with the label; gzip or not. */
    CSV("a CSV file, gzip or not"),
    /** LIBSVM's and SVMlight's: a line a sample, its label, then index:value of what is not 0. */
    LIBSVM("a LIBSVM file, gzip or not"),
    /** MATLAB's, version 5 (its -v6 and -v7): {@code FILE#VARIABLE}, or its variables X and y. */
    MAT("a MAT-file"),
    /** CIFAR-10's binary version: a byte for the label, then 32x32 red, green and blue ones. */
    CIFAR10("a file of CIFAR-10's binary version, or its archive"),
    /** CIFAR-100's binary version: a byte for the coarse label, one for the fine label, pixels. */
    CIFAR100("a file of CIFAR-100's binary version, or its archive"),
    /** A folder with a folder a class, in it PNG, JPEG and BMP files. */
    IMAGES("a folder with a folder of images a class"),
    /** NumPy's array, samples first. */
    NPY("an NPY file"),
    /** NumPy's archive of arrays: {@code FILE#ARRAY}, or its arrays x and y. */
    NPZ("an NPZ file"),
    /** Parquet, through Spark: numeric columns, arrays of numbers, images. */
    PARQUET("a Parquet file, or a folder of them"),
    /** A table of Spark, or a query. */
    TABLE("a table or a query of Spark");

    private final String expected;

    Format(String expected) {
      this.expected = expected;
    }

    /** What its files are, for errors. */
    public String expected() {
      return expected;
    }

    /** Its name in a sweep file. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether labels are in files of their own, or can be: train-labels. */
    public boolean labelFiles() {
      return this == IDX || this == NPY || this == NPZ || this == MAT;
    }

    /** Whether a sample can be an image file, whose size is not known before it is read. */
    public boolean imageFiles() {
      return this == IMAGES || this == PARQUET || this == TABLE;
    }

    /** Whether it has columns that can be chosen. */
    public boolean columns() {
      return this == CSV || this == PARQUET || this == TABLE;
    }

    /** Whether {@code label} says where a sample's label is. */
    public boolean labelKey() {
      return columns() || this == CIFAR100;
    }
  }

  /** Whether the first line of a CSV file names its columns. */
  public enum Header {
    PRESENT,
    ABSENT,
    /** Present if the label is given by name, else what the lines below it show. */
    AUTO
  }
}
