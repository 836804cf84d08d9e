package org.trawl.core.data;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads tables, which the storage knows how to: {@link Storage#rows}. */
final class TableReader implements PartReader {
  private final SourceSpec source;
  private final Storage storage;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;
  private final SampleForm form = new SampleForm();

  /** Of the columns that are texts, by their position among the features. */
  private final Map<Integer, TextValues> texts = new TreeMap<>();

  /** The columns of the first table. */
  private List<String> columns = List.of();

  private String label = "";

  private final Set<String> notes = new LinkedHashSet<>();

  TableReader(SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.storage = storage;
    this.samples = samples;
    this.labels = labels;
  }

  @Override
  public void read(Part part) {
    for (String address : part.files(source)) {
      TableRows rows = new TableRows(source, address, samples, labels, form, texts, columns);
      try {
        storage.rows(source, address, rows);
      } catch (IOException e) {
        throw SourceFile.cannotOpen(source, part.word() + " samples", address, e);
      }
      notes.addAll(rows.notes());
      if (rows.rows() == 0) {
        throw new DataException(address + ": expected rows, found none");
      }
      columns = rows.columns();
      label = rows.labelColumn();
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

  /** Of columns that are one feature each. */
  @Override
  public List<String> names() {
    return columns.size() == samples.columns() ? columns : List.of();
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public List<TextColumn> texts() {
    return texts.values().stream()
        .map(values -> values.column(String::isEmpty, TextValues.CURE))
        .toList();
  }
}
