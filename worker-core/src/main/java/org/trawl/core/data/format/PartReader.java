package org.trawl.core.data.format;

import java.util.List;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.data.source.SourceSpec;

/**
 * Reads the files of a source's parts into builders: one class a format, made of the source, the
 * storage that has its files, and the builders of samples and labels.
 */
public interface PartReader {

  /** Adds the samples and labels of all files of a part. */
  void read(Part part);

  /** Ends the reading, after all parts. */
  default void finish() {}

  /** The largest value that the files' type can hold, once they are read; 0 for unknown. */
  double fullScale();

  /** What the files say of a sample's shape, once they are read. */
  SampleShape shape();

  /** The features that are texts, once the files are read. */
  default List<TextColumn> texts() {
    return List.of();
  }

  /** The names of the features, once the files are read; empty where they have none. */
  default List<String> names() {
    return List.of();
  }

  /** The name of the label's column, once the files are read; empty where it has none. */
  default String label() {
    return "";
  }

  /** What was decided about the files that they do not say, a sentence each. */
  default List<String> notes() {
    return List.of();
  }

  /** The parts of a source that files stand for. */
  enum Part {
    TRAIN("train", "training"),
    VALIDATION("validation", "validation"),
    TEST("test", "test");

    private final String key;
    private final String word;

    Part(String key, String word) {
      this.key = key;
      this.word = word;
    }

    /** The key that names its files. */
    public String key() {
      return key;
    }

    /** What it is called in messages. */
    public String word() {
      return word;
    }

    /** Addresses of its files. */
    public List<String> files(SourceSpec source) {
      return switch (this) {
        case TRAIN -> source.train();
        case VALIDATION -> source.validation();
        case TEST -> source.test();
      };
    }

    /** Addresses of the files of its labels; empty where there are none. */
    public List<String> labelFiles(SourceSpec source) {
      return switch (this) {
        case TRAIN -> source.trainLabels();
        case VALIDATION -> source.validationLabels();
        case TEST -> source.testLabels();
      };
    }
  }
}
