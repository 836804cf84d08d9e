package org.trawl.core.data.format.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.trawl.core.data.format.PartReader;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.data.storage.Storage.Entry;

/**
 * Reads a folder of images with one folder a class, in the order of their names. A source that
 * names one folder only, in which a folder {@code train} is, has the parts train, validation (or
 * val, valid) and test as folders in it. All images have the size of the first one, unless the
 * source says which size to make them; gray ones among colored ones are widened.
 *
 * <p>Hidden files and those that file managers leave are passed over.
 */
public final class ImagesReader implements PartReader {
  private static final Set<String> LEFT_BEHIND = Set.of("Thumbs.db", "desktop.ini");
  private static final int MOST_IMAGES = 50_000_000;

  private final SourceSpec source;
  private final Storage storage;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;
  private SampleShape shape;
  private String first = "";

  public ImagesReader(
      SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.storage = storage;
    this.samples = samples;
    this.labels = labels;
    shape = source.shape();
    samples.columns((int) shape.features());
  }

  @Override
  public void read(Part part) {
    for (String folder : folders(part)) {
      read(folder, part);
    }
  }

  private List<String> folders(Part part) {
    List<String> all = source.train();
    boolean parted =
        all.size() == 1
            && source.validation().isEmpty()
            && source.test().isEmpty()
            && list(all.get(0)).stream().anyMatch(entry -> isFolder(entry, "train"));
    if (!parted) {
      return part.files(source);
    }
    List<String> names =
        switch (part) {
          case TRAIN -> List.of("train");
          case VALIDATION -> List.of("validation", "val", "valid");
          case TEST -> List.of("test");
        };
    List<String> found = new ArrayList<>();
    for (Entry entry : list(all.get(0))) {
      if (names.stream().anyMatch(name -> isFolder(entry, name))) {
        found.add(all.get(0) + "/" + entry.name());
      }
    }
    return found;
  }

  private static boolean isFolder(Entry entry, String name) {
    return entry.folder() && entry.name().equals(name);
  }

  /** What is in a folder, by name. */
  private List<Entry> list(String folder) {
    try {
      List<Entry> entries = new ArrayList<>(storage.list(folder));
      entries.removeIf(entry -> entry.name().startsWith(".") || LEFT_BEHIND.contains(entry.name()));
      entries.sort(Comparator.comparing(Entry::name, LabelsBuilder.UNICODE_ORDER));
      return entries;
    } catch (IOException e) {
      throw SourceFile.cannotOpen(source, "images", folder, e);
    }
  }

  private void read(String folder, Part part) {
    int before = labels.size();
    Map<String, Integer> codes = new HashMap<>();
    List<Entry> classes = list(folder);
    for (Entry entry : classes) {
      if (entry.folder()) {
        codes.put(entry.name(), code(folder, entry.name()));
      } else if (ImageDecoder.named(entry.name())) {
        throw new DataException(
            "%s: expected folders, one a class, found the image %s"
                .formatted(folder, entry.name()));
      }
    }
    for (Entry entry : classes) {
      if (entry.folder()) {
        readClass(folder + "/" + entry.name(), part, codes.get(entry.name()));
      }
    }
    if (labels.size() == before) {
      throw new DataException(
          "%s: expected folders, one a class, with PNG, JPEG or BMP images, found %s"
              .formatted(folder, codes.isEmpty() ? "no folder" : "no image"));
    }
  }

  private int code(String folder, String name) {
    int code = labels.code(name);
    if (code == LabelsBuilder.UNKNOWN) {
      throw new DataException(
          "%s: expected folders called by %s, found %s"
              .formatted(folder, labels.expected().replaceFirst("a label", "one"), name));
    }
    return code;
  }

  private void readClass(String folder, Part part, int code) {
    for (Entry entry : list(folder)) {
      String address = folder + "/" + entry.name();
      if (entry.folder()) {
        throw new DataException(
            "%s: expected images in the folder of a class, found the folder %s"
                .formatted(folder, entry.name()));
      }
      if (labels.size() == MOST_IMAGES) {
        throw new DataException(
            String.format(
                Locale.ROOT, "%s: expected at most %d images, found more", folder, MOST_IMAGES));
      }
      try (SourceFile file = SourceFile.open(source, part.word() + " image", address, storage)) {
        ImageDecoder.Image image = ImageDecoder.decode(file, source.changes(), shape, first);
        if (!shape.image()) {
          shape = image.shape();
          first = address;
          samples.columns((int) shape.features());
        }
        samples.addBytes(image.pixels());
        labels.add(code);
      }
    }
  }

  @Override
  public double fullScale() {
    return 255;
  }

  @Override
  public SampleShape shape() {
    return shape;
  }
}
