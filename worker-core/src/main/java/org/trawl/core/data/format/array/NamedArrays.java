package org.trawl.core.data.format.array;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.trawl.core.data.format.PartReader.Part;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.storage.Archive;
import org.trawl.core.data.storage.SourceFile;

/**
 * Which arrays of a part's files are the samples and which the labels, for formats whose files hold
 * arrays with names (npz, mat) or one array each (npy). {@code FILE#NAME} says it; without a name
 * the usual ones are looked for.
 */
final class NamedArrays {
  private final SourceSpec source;
  private final Part part;
  private final boolean labelFiles;

  NamedArrays(SourceSpec source, Part part) {
    this.source = source;
    this.part = part;
    this.labelFiles = !part.labelFiles(source).isEmpty();
  }

  /**
   * Addresses, with {@code #NAME} or without.
   *
   * @param labels the samples' own file where the source names no files of labels
   */
  record Pair(String samples, String labels) {}

  /** The files of the part, each with that of its labels. */
  List<Pair> pairs() {
    List<String> files = part.files(source);
    List<String> labels = part.labelFiles(source);
    boolean needed = labelFiles || source.format() == Format.NPY;
    if (needed && files.size() != labels.size()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read %s: %s-labels: expected a label file for each of %d files, found %d",
              source.name(),
              part.key(),
              files.size(),
              labels.size()));
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      String label = needed ? labels.get(i) : SourceFile.archive(files.get(i));
      pairs.add(new Pair(files.get(i), label));
    }
    return pairs;
  }

  /** The full address of a pair's samples, of the arrays that their file has. */
  String samples(Pair pair, List<String> arrays) {
    return chosen(
        pair.samples(), arrays, usual("x", List.of("X", "x", "images", "data")), "samples");
  }

  /** The full address of a pair's labels, of the arrays that their file has. */
  String labels(Pair pair, List<String> arrays) {
    return chosen(
        pair.labels(),
        arrays,
        usual("y", List.of("y", "Y", "labels", "label", "targets", "target")),
        "labels");
  }

  private List<String> usual(String start, List<String> names) {
    List<String> ofPart =
        switch (part) {
          case TRAIN -> List.of("train");
          case VALIDATION -> List.of("validation", "val", "valid");
          case TEST -> List.of("test");
        };
    return Stream.concat(ofPart.stream().map(word -> start + "_" + word), names.stream()).toList();
  }

  private String chosen(String address, List<String> arrays, List<String> usual, String what) {
    if (!SourceFile.entry(address).isEmpty()) {
      return address;
    }
    if (labelFiles && arrays.size() == 1) {
      return address + Archive.SEPARATOR + arrays.get(0);
    }
    for (String name : usual) {
      if (arrays.contains(name)) {
        return address + Archive.SEPARATOR + name;
      }
    }
    throw new DataException(
        "%s: expected an array of %s called %s (write FILE#NAME for another one), found %s"
            .formatted(address, what, String.join(", ", usual), SourceFile.shown(arrays)));
  }

  /** All files of a source have as many features. */
  void checkFeatures(SourceFile file, SamplesBuilder samples, int features) {
    if (samples.columns() != 0 && samples.columns() != features) {
      throw file.wrong(
          0,
          String.format(
              Locale.ROOT, "%d features a sample as in the files before it", samples.columns()),
          "" + features);
    }
    samples.columns(features);
  }
}
