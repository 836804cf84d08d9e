package org.trawl.core.data.format.array;

import java.util.List;
import java.util.Locale;
import org.trawl.core.data.format.PartReader;
import org.trawl.core.data.format.SampleForm;
import org.trawl.core.data.format.array.MatFile.Variable;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.Storage;

/**
 * Reads samples and labels out of MATLAB's files. Of an array of two dimensions the rows are
 * samples (the columns, where only their number is that of the labels); of three or four, such as
 * rows x columns x channels x samples, the last dimension counts samples.
 */
public final class MatReader implements PartReader {
  private final SourceSpec source;
  private final Storage storage;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;
  private final SampleForm form = new SampleForm();

  public MatReader(
      SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.storage = storage;
    this.samples = samples;
    this.labels = labels;
  }

  @Override
  public void read(Part part) {
    NamedArrays names = new NamedArrays(source, part);
    for (NamedArrays.Pair pair : names.pairs()) {
      read(
          part,
          names,
          names.samples(pair, arrays(part, pair.samples())),
          names.labels(pair, arrays(part, pair.labels())));
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

  private List<String> arrays(Part part, String address) {
    if (!SourceFile.entry(address).isEmpty()) {
      return List.of();
    }
    try (MatFile file = open(part, address)) {
      return file.variables().stream().map(Variable::name).toList();
    }
  }

  private MatFile open(Part part, String address) {
    String file = SourceFile.archive(address);
    return new MatFile(SourceFile.open(source, part.word() + " samples", file, storage));
  }

  private void read(Part part, NamedArrays names, String samplesAddress, String labelsAddress) {
    try (MatFile file = open(part, samplesAddress);
        MatFile labelFile = open(part, labelsAddress)) {
      MatFile.Values found = file.array(SourceFile.entry(samplesAddress));
      MatFile.Values label = labelFile.array(SourceFile.entry(labelsAddress));
      NumberArray array = found.array();
      long count = label.array().values();
      int axis = axis(array, count);
      if (array.sizes()[axis] != count) {
        throw label
            .file()
            .wrong(
                0,
                String.format(
                    Locale.ROOT,
                    "%d labels, one a sample of %s (%s)",
                    array.sizes()[axis],
                    samplesAddress,
                    array),
                "" + count);
      }
      names.checkFeatures(found.file(), samples, array.features(axis));
      form.add(
          array.sizes().length > 2 ? array.sampleShape(axis) : SampleShape.NONE, found.bytes());
      array.readSamples(found.file(), axis, samples);
      label.array().readLabels(label.file(), labels);
    }
  }

  private static int axis(NumberArray array, long labels) {
    int last = array.sizes().length - 1;
    return last == 1 && (array.sizes()[0] == labels || array.sizes()[1] != labels) ? 0 : last;
  }
}
