package org.trawl.core.data;

import java.util.ArrayList;
import java.util.List;
import org.trawl.core.data.LabelsBuilder.Labels;
import org.trawl.core.data.PartReader.Part;

/** Reads a source into memory. */
final class SourceReader {
  private SourceReader() {}

  /**
   * Reads all files of a source.
   *
   * @throws DataException if a file cannot be read or is not what it should be
   */
  static Dataset read(SourceSpec source, Storage storage) {
    if (source.train().isEmpty()) {
      throw new DataException(
          "Cannot read %s: train: expected at least one file, found none".formatted(source.name()));
    }
    SamplesBuilder samples = new SamplesBuilder(source.name());
    LabelsBuilder labels = new LabelsBuilder(source.name(), source.classes());
    PartReader reader =
        switch (source.format()) {
          case IDX -> new IdxReader(source, storage, samples, labels);
          case CSV -> new CsvReader(source, storage, samples, labels);
        };
    reader.read(Part.TRAIN);
    int trainRows = labels.size();
    reader.read(Part.TEST);
    Labels built = labels.build();
    return new Dataset(
        source.name(),
        samples.build(),
        built.labels(),
        built.classes(),
        trainRows,
        0,
        source.fullScale() > 0 ? source.fullScale() : reader.fullScale());
  }

  /** The addresses of all files of a source. */
  static List<String> addresses(SourceSpec source) {
    List<String> all = new ArrayList<>(source.train());
    all.addAll(source.trainLabels());
    all.addAll(source.test());
    all.addAll(source.testLabels());
    return all;
  }
}
