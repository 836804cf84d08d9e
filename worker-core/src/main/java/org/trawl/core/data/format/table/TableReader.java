package org.trawl.core.data.format.table;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.trawl.core.data.format.PartReader;
import org.trawl.core.data.format.SampleForm;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.sample.TextColumn;
import org.trawl.core.data.sample.TextValues;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.Storage;

/** Reads tables, which the storage knows how to: {@link Storage#rows}. */
public final class TableReader implements PartReader {
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

  public TableReader(
      SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.storage = storage;
    this.samples = samples;
    this.labels = labels;
  }

  @Override
  public void read(Part part) {
    for (String address : part.files(source)) {
      CheckedRows rows = new CheckedRows(source, address, samples, labels, form, texts, columns);
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
