package org.trawl.core.data;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.trawl.core.data.format.PartReader;
import org.trawl.core.data.format.PartReader.Part;
import org.trawl.core.data.format.array.IdxReader;
import org.trawl.core.data.format.array.MatReader;
import org.trawl.core.data.format.array.NpyReader;
import org.trawl.core.data.format.image.CifarReader;
import org.trawl.core.data.format.image.ImagesReader;
import org.trawl.core.data.format.table.TableReader;
import org.trawl.core.data.format.text.CsvReader;
import org.trawl.core.data.format.text.LibsvmReader;
import org.trawl.core.data.preparation.FeatureForm;
import org.trawl.core.data.sample.Columns;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.LabelForm;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.LabelsBuilder.Labels;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.sample.Shown;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.storage.Storage;

/** Reads a source into memory; it is not kept. */
public final class SourceReader {
  private static final int SHOWN = 12;

  private SourceReader() {}

  /**
   * Reads all files of a source. Values that are missing become NaN; {@link FeatureForm} refuses
   * them where a preparation does not fill them in.
   *
   * @throws DataException if a file cannot be read or is not what it should be
   */
  public static Dataset read(SourceSpec source, Storage storage) {
    if (source.train().isEmpty()) {
      throw new DataException(
          "Cannot read %s: train: expected at least one file, found none".formatted(source.name()));
    }
    SamplesBuilder samples = new SamplesBuilder(source.name());
    LabelsBuilder labels = new LabelsBuilder(source.name(), classes(source), labels(source));
    PartReader reader =
        switch (source.format()) {
          case IDX -> new IdxReader(source, storage, samples, labels);
          case CSV -> new CsvReader(source, storage, samples, labels);
          case LIBSVM -> new LibsvmReader(source, storage, samples, labels);
          case MAT -> new MatReader(source, storage, samples, labels);
          case CIFAR10, CIFAR100 -> new CifarReader(source, storage, samples, labels);
          case NPY, NPZ -> new NpyReader(source, storage, samples, labels);
          case IMAGES -> new ImagesReader(source, storage, samples, labels);
          case PARQUET, TABLE -> new TableReader(source, storage, samples, labels);
        };
    reader.read(Part.TRAIN);
    int trainRows = labels.size();
    reader.read(Part.VALIDATION);
    int validationRows = labels.size() - trainRows;
    reader.read(Part.TEST);
    reader.finish();
    Labels built = labels.build();
    SampleShape shape = shape(source, reader.shape(), samples.columns());
    Samples read = samples.build();
    if (source.changes().transposed()) {
      Transposition.of(source, read, shape);
    }
    Columns names =
        new Columns(
            reader.names(),
            reader.texts(),
            reader.label(),
            built.form(),
            List.of(),
            missing(samples.firstMissing(), read));
    return new Dataset(
        source.name(),
        read,
        built.labels(),
        built.classes(),
        trainRows,
        validationRows,
        source.fullScale() > 0 ? source.fullScale() : reader.fullScale(),
        shape,
        names.with(
            Stream.of(
                    reader.notes(),
                    built.notes(),
                    missingTexts(read, names),
                    samples.roundedNote().stream().toList(),
                    samples.lossNotes(names))
                .flatMap(List::stream)
                .toList()));
  }

  private static Columns.Missing missing(String first, Samples samples) {
    if (first.isEmpty()) {
      return Columns.Missing.NONE;
    }
    boolean[] missing = new boolean[samples.columns()];
    for (int row = 0; row < samples.rows(); row++) {
      for (int i = 0; i < missing.length; i++) {
        missing[i] |= Double.isNaN(samples.value(row, i));
      }
    }
    return new Columns.Missing(
        first, IntStream.range(0, missing.length).filter(i -> missing[i]).boxed().toList());
  }

  /** Texts that say that a value is missing are texts like others. */
  private static List<String> missingTexts(Samples samples, Columns columns) {
    List<String> found =
        columns.texts().stream()
            .filter(column -> !column.missing().isEmpty())
            .map(
                column ->
                    String.format(
                        Locale.ROOT,
                        "%d of %s (%s)",
                        column.missingOf(samples),
                        columns.name(column.feature()),
                        column.missing().stream()
                            .map(code -> column.values().get(code))
                            .map(text -> text.isEmpty() ? "empty" : '"' + text + '"')
                            .collect(Collectors.joining(", "))))
            .toList();
    return found.isEmpty()
        ? List.of()
        : List.of(
            "texts that are missing are a text of their own, which impute leaves as it is: "
                + Shown.first(SHOWN, found));
  }

  private static List<String> classes(SourceSpec source) {
    return switch (source.format()) {
      case CIFAR10, CIFAR100 -> CifarReader.classes(source);
      default -> source.classes().stream().map(source.form()::label).toList();
    };
  }

  /** Labels as the files have them are compared with what is made of those. */
  private static LabelForm labels(SourceSpec source) {
    Map<String, String> relabel = new TreeMap<>();
    source
        .relabel()
        .forEach((from, to) -> relabel.put(source.form().label(from), source.form().label(to)));
    return new LabelForm(source.form().labels() == TableForm.Labels.AUTO, relabel);
  }

  /** Of upright images: what the source says, else what its files say. */
  private static SampleShape shape(SourceSpec source, SampleShape found, int features) {
    if (!source.shape().image()) {
      return source.changes().transposed() && found.image()
          ? new SampleShape(found.columns(), found.rows(), found.channels())
          : found;
    }
    if (source.shape().features() != features) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read %s: shape: expected %s, which has %d features, found samples of %d",
              source.name(),
              source.shape(),
              source.shape().features(),
              features));
    }
    return source.shape();
  }
}
