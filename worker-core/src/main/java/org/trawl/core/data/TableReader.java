package org.trawl.core.data;

import java.io.IOException;

/** Reads tables, which the storage knows how to: {@link Storage#rows}. */
final class TableReader implements PartReader {
  private final SourceSpec source;
  private final Storage storage;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;
  private final SampleForm form = new SampleForm();

  TableReader(SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.storage = storage;
    this.samples = samples;
    this.labels = labels;
  }

  @Override
  public void read(Part part) {
    for (String address : part.files(source)) {
      TableRows rows = new TableRows(address, samples, labels, form);
      try {
        storage.rows(source, address, rows);
      } catch (IOException e) {
        throw SourceFile.cannotOpen(source, part.word() + " samples", address, e);
      }
      if (rows.rows() == 0) {
        throw new DataException(address + ": expected rows, found none");
      }
    }
  }

  @Override
  public double fullScale() {
    return form.fullScale();
  }

  @Override
  public SampleShape shape() {
    return form.shape();
  }
}
