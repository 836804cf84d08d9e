package org.trawl.core.data.format.image;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.trawl.core.data.format.PartReader;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.storage.Archive;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.Storage;

/**
 * Reads the binary versions of CIFAR-10 and CIFAR-100
 * (https://www.cs.toronto.edu/~kriz/cifar.html): records of one label byte (two in CIFAR-100,
 * coarse and fine), then 1,024 red, 1,024 green and 1,024 blue bytes, each row after row. A file is
 * a batch, or the archive as it is distributed, of which each part takes its own batches.
 */
public final class CifarReader implements PartReader {
  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int CHANNELS = 3;
  private static final String COARSE = "coarse";
  private static final Pattern TRAIN_BATCH = Pattern.compile("(.*/)?(data_batch_\\d+|train)\\.bin");
  private static final Pattern TEST_BATCH = Pattern.compile("(.*/)?(test_batch|test)\\.bin");

  private static final List<String> TEN =
      words("airplane automobile bird cat deer dog frog horse ship truck");

  private static final List<String> FINE =
      words(
          """
          apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus
          butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch
          crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house
          kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
          mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree
          plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew
          skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank
          telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf
          woman worm
          """);

  private static final List<String> TWENTY =
      words(
          """
          aquatic_mammals fish flowers food_containers fruit_and_vegetables
          household_electrical_devices household_furniture insects large_carnivores
          large_man-made_outdoor_things large_natural_outdoor_scenes
          large_omnivores_and_herbivores medium_mammals non-insect_invertebrates people reptiles
          small_mammals trees vehicles_1 vehicles_2
          """);

  private final SourceSpec source;
  private final Storage storage;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;
  private final byte[] record;
  private final int labelBytes;
  private final int labelAt;

  /** The code of each label; {@link LabelsBuilder#UNKNOWN} for those to be left out. */
  private final int[] codes;

  public CifarReader(
      SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.storage = storage;
    this.samples = samples;
    this.labels = labels;
    labelBytes = source.format() == Format.CIFAR100 ? 2 : 1;
    labelAt = labelBytes == 2 && !source.label().equals(COARSE) ? 1 : 0;
    record = new byte[labelBytes + CHANNELS * PLANE];
    codes = names(source).stream().mapToInt(labels::code).toArray();
    samples.columns(CHANNELS * PLANE);
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  private static List<String> names(SourceSpec source) {
    if (source.format() == Format.CIFAR10) {
      return TEN;
    }
    return switch (source.label()) {
      case "", "fine" -> FINE;
      case COARSE -> TWENTY;
      default ->
          throw new DataException(
              "Cannot read %s: label: expected fine or coarse, found %s"
                  .formatted(source.name(), source.label()));
    };
  }

  /** The names of the classes that a source takes, which it gives by numbers or by names. */
  public static List<String> classes(SourceSpec source) {
    List<String> names = names(source);
    List<String> classes = new ArrayList<>();
    for (String asked : source.classes().isEmpty() ? names : source.classes()) {
      int number = asked.matches("\\d{1,3}") ? Integer.parseInt(asked) : names.indexOf(asked);
      if (number < 0 || number >= names.size()) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot read %s: classes: expected numbers from 0 to %d or names of %s, found %s",
                source.name(),
                names.size() - 1,
                String.join(", ", names),
                asked));
      }
      classes.add(names.get(number));
    }
    return classes;
  }

  @Override
  public void read(Part part) {
    for (String address : part.files(source)) {
      try (SourceFile file = SourceFile.open(source, part.word() + " images", address, storage)) {
        Optional<Archive> archive = Archive.of(file);
        if (archive.isPresent()) {
          readArchive(part, file, archive.get());
        } else {
          readBatch(file);
        }
      }
    }
  }

  private void readArchive(Part part, SourceFile file, Archive archive) {
    Pattern wanted = part == Part.TRAIN ? TRAIN_BATCH : TEST_BATCH;
    List<String> names = new ArrayList<>();
    Set<String> read = new HashSet<>();
    for (Optional<String> name = archive.next(); name.isPresent(); name = archive.next()) {
      if (wanted.matcher(name.get()).matches()) {
        if (!read.add(name.get())) {
          throw archive.wrong("one file %s in the archive".formatted(name.get()), "two");
        }
        readBatch(file.inside(file.address() + Archive.SEPARATOR + name.get(), archive.content()));
      }
      names.add(name.get());
    }
    if (read.isEmpty()) {
      throw file.wrong(
          0,
          part == Part.TRAIN
              ? "batches data_batch_*.bin or train.bin"
              : "test_batch.bin or test.bin",
          SourceFile.shown(names));
    }
  }

  private void readBatch(SourceFile file) {
    byte[] pixels = new byte[CHANNELS * PLANE];
    while (true) {
      long offset = file.position();
      int read = file.read(record, 0, record.length);
      if (read == 0 && offset > 0) {
        return;
      }
      if (read < record.length) {
        throw file.wrong(
            offset,
            String.format(Locale.ROOT, "a record of %d bytes", record.length),
            read == 0 ? "an empty file" : read + " bytes");
      }
      int label = record[labelAt] & 0xFF;
      if (label >= codes.length) {
        throw file.wrong(
            offset + labelAt,
            String.format(Locale.ROOT, "a label from 0 to %d", codes.length - 1),
            "" + label);
      }
      if (codes[label] != LabelsBuilder.UNKNOWN) {
        for (int i = 0; i < PLANE; i++) {
          for (int channel = 0; channel < CHANNELS; channel++) {
            pixels[CHANNELS * i + channel] = record[labelBytes + PLANE * channel + i];
          }
        }
        samples.addBytes(pixels);
        labels.add(codes[label]);
      }
    }
  }

  @Override
  public double fullScale() {
    return 255;
  }

  @Override
  public SampleShape shape() {
    return new SampleShape(SIDE, SIDE, CHANNELS);
  }
}
