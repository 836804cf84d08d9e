package org.trawl.driver.sweep;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.ImageChanges;
import org.trawl.core.data.source.TableForm;

/** Reads the description of a source's files, in the catalogue or in a sweep file. */
final class SourceReader {
  static final List<String> KEYS =
      List.of(
          "format",
          "train",
          "train-labels",
          "validation",
          "validation-labels",
          "test",
          "test-labels",
          "label",
          "classes",
          "relabel",
          "full-scale",
          "shape",
          "resize",
          "transposed");

  /** How to come by the files. */
  static final String OBTAIN = "obtain";

  /** Where relative files start. */
  static final String FOLDER = "folder";

  /** Keys that a description may have beside its own where it stands in a sweep file. */
  static final List<String> IN_SWEEPS = List.of("name", FOLDER);

  private static final int LONGEST_SIDE = 1 << 16;
  private static final int LONGEST_RESIZED = 1 << 12;

  private final SweepFile file;
  private final Problems problems;

  SourceReader(SweepFile file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * Reads a description.
   *
   * @param name of the source; empty to take the key name, or the first training file's
   * @param others keys that may stand beside; obtain is read if it is among them
   * @return empty if there was a problem
   */
  Optional<SourceSpec> read(
      String path, ConfigObject description, String name, List<String> others) {
    Values values = new Values(path, description);
    values.checkKeys(others);
    String ownName = name.isEmpty() ? values.text("name") : name;
    Optional<Format> format = values.format();
    values.folder = others.contains(FOLDER) ? values.folder() : "";
    values.tables = format.filter(Format.TABLE::equals).isPresent();
    List<String> train = values.addresses("train");
    List<String> trainLabels = values.addresses("train-labels");
    List<String> validation = values.addresses("validation");
    List<String> validationLabels = values.addresses("validation-labels");
    List<String> test = values.addresses("test");
    List<String> testLabels = values.addresses("test-labels");
    String label = values.text("label");
    TableForm form = new TableFormReader(path, description, values::problem).read();
    List<String> classes = values.classes();
    Map<String, String> relabel = values.relabel();
    double fullScale = values.positive("full-scale");
    SampleShape shape = values.shape();
    ImageChanges changes = values.changes();
    if (format.isPresent()) {
      values.checkFormat(format.get());
    }
    if (!values.valid || format.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SourceSpec(
            ownName.isEmpty() ? shortName(format.get(), train.get(0)) : ownName,
            format.get(),
            train,
            trainLabels,
            validation,
            validationLabels,
            test,
            testLabels,
            label,
            form,
            classes,
            relabel,
            fullScale,
            shape,
            changes,
            others.contains(OBTAIN) ? values.obtain(name) : ""));
  }

  /** The files that can be fetched, and where to. */
  List<Download> downloads(String path, ConfigObject description) {
    Values values = new Values(path, description);
    ConfigValue files = values.present("files");
    if (files == null) {
      return List.of();
    }
    List<Download> downloads = new ArrayList<>();
    for (ConfigValue value : files instanceof ConfigList list ? list : List.of(files)) {
      values.download(value).ifPresent(downloads::add);
    }
    return downloads;
  }

  /** The folder that files are fetched into: the first that a description names. */
  Path target(String path, ConfigObject description) {
    Values values = new Values(path, description);
    List<String> folders = values.addresses(FOLDER);
    return folders.isEmpty() || Addresses.hasScheme(folders.get(0))
        ? file.folder(description)
        : Path.of(folders.get(0));
  }

  /** An address of a file in a folder. */
  static String absolute(String address, Path folder) {
    return Addresses.hasScheme(address) ? address : folder.resolve(address).normalize().toString();
  }

  /** The last part of an address without its endings. */
  private static String shortName(Format format, String address) {
    if (format == Format.TABLE) {
      return address.matches("[\\w.]+") ? address : "query";
    }
    String last = address.substring(address.lastIndexOf('/') + 1);
    int dot = last.indexOf('.');
    return dot > 0 ? last.substring(0, dot) : last;
  }

  /** The values of one description. */
  private final class Values {
    private final String path;
    private final ConfigObject description;
    private boolean valid = true;

    /** Where relative files start; empty for the folder of the file in which they stand. */
    private String folder = "";

    /** Whether addresses are names of tables and queries rather than files. */
    private boolean tables;

    Values(String path, ConfigObject description) {
      this.path = path;
      this.description = description;
    }

    void checkKeys(List<String> others) {
      TreeSet<String> known = new TreeSet<>(KEYS);
      known.addAll(TableFormReader.KEYS);
      known.addAll(others);
      description.forEach(
          (key, value) -> {
            boolean definition = file.referred(path + "." + key);
            if (!known.contains(key) && !file.placeholder(value) && !definition) {
              problem(
                  value,
                  path + "." + key,
                  "one of " + String.join(", ", known),
                  "an unknown key" + Nearest.suggestion(key, known));
            }
          });
    }

    Optional<Format> format() {
      List<String> formats = Arrays.stream(Format.values()).map(Format::key).toList();
      String expected = "one of " + String.join(", ", formats);
      ConfigValue value = present("format");
      if (value == null) {
        problem(description, path + ".format", expected, "none");
        return Optional.empty();
      }
      String found = String.valueOf(value.unwrapped());
      if (!formats.contains(found)) {
        problem(
            value,
            path + ".format",
            expected,
            ValueReader.shown(value) + Nearest.suggestion(found, formats));
        return Optional.empty();
      }
      return Optional.of(Format.valueOf(found.toUpperCase(Locale.ROOT)));
    }

    /** Checks that the format has what it needs, and nothing that it would ignore. */
    void checkFormat(Format format) {
      if (present("train") == null) {
        problem(description, path + ".train", "a file or a list of files", "none");
      }
      if (format.labelFiles()) {
        boolean optional = format == Format.NPZ || format == Format.MAT;
        for (String part : List.of("train", "validation", "test")) {
          if (!optional || present(part + "-labels") != null) {
            checkLabels(part);
          }
        }
      } else {
        refuse(format, "train-labels", "validation-labels", "test-labels");
      }
      if (!format.labelKey()) {
        refuse(format, "label");
      }
      if (format == Format.TABLE) {
        refuse(format, FOLDER);
      }
      refuse(format, TableFormReader.ignoredBy(format).toArray(String[]::new));
      if (!format.imageFiles()) {
        refuse(format, "resize");
      }
    }

    /** One label file a file of images. */
    private void checkLabels(String part) {
      int images = addresses(part).size();
      int labels = addresses(part + "-labels").size();
      if (images != labels && valid) {
        ConfigValue value = present(part + "-labels");
        problem(
            value == null ? description : value,
            path + "." + part + "-labels",
            "a file of labels for each of the " + images + " in " + part,
            String.valueOf(labels));
      }
    }

    private void refuse(Format format, String... keys) {
      for (String key : keys) {
        if (present(key) != null) {
          problem(
              present(key),
              path + "." + key,
              "no such key with format = " + format.key(),
              ValueReader.shown(present(key)));
        }
      }
    }

    /** Files and folders; what is relative is relative to the file in which it stands. */
    List<String> addresses(String key) {
      ConfigValue value = present(key);
      if (value == null) {
        return List.of();
      }
      List<ConfigValue> values = value instanceof ConfigList list ? list : List.of(value);
      List<String> addresses = new ArrayList<>();
      for (ConfigValue element : values) {
        if (element.valueType() != ConfigValueType.STRING
            || element.unwrapped().toString().isBlank()
            || element.unwrapped().toString().indexOf('\0') >= 0) {
          problem(
              element, path + "." + key, "a file or a list of files", ValueReader.shown(element));
        } else {
          String text = element.unwrapped().toString();
          addresses.add(tables ? text.strip() : absolute(text, element));
        }
      }
      if (values.isEmpty()) {
        problem(value, path + "." + key, "a file or a list of files", "an empty list");
      }
      return addresses;
    }

    private String absolute(String address, ConfigValue value) {
      if (Addresses.hasScheme(address)) {
        return address;
      }
      if (Addresses.hasScheme(folder)) {
        return Path.of(address).isAbsolute() ? address : folder + "/" + address;
      }
      return file.folder(value).resolve(folder).resolve(address).normalize().toString();
    }

    /** The first of the folders in which the first training file is, else the first of them. */
    String folder() {
      List<String> folders = addresses(FOLDER);
      ConfigValue train = present("train");
      ConfigValue first = train instanceof ConfigList list && !list.isEmpty() ? list.get(0) : train;
      if (first != null && folders.size() > 1) {
        String name = String.valueOf(first.unwrapped()).replaceFirst("#[^#]*$", "");
        for (String each : folders) {
          if (!Addresses.hasScheme(each) && Files.exists(Path.of(each).resolve(name))) {
            return each;
          }
        }
      }
      return folders.isEmpty() ? "" : folders.get(0);
    }

    /** How to come by the files: what is said, else how to fetch those that can be fetched. */
    String obtain(String name) {
      String said = text(OBTAIN);
      return said.isEmpty() && present("files") != null ? "deploy/trawl data fetch " + name : said;
    }

    String text(String key) {
      ConfigValue value = present(key);
      if (value == null) {
        return "";
      }
      boolean blank = value.unwrapped() instanceof String text && text.isBlank();
      if (blank
          || (value.valueType() != ConfigValueType.STRING
              && value.valueType() != ConfigValueType.NUMBER)) {
        problem(
            value,
            path + "." + key,
            "a name or a position" + (blank ? ", such as 0 of the first column" : ""),
            ValueReader.shown(value));
      }
      return ValueReader.text(value);
    }

    /** Names, or a count for the numbers below it. */
    List<String> classes() {
      ConfigValue value = present("classes");
      if (value == null) {
        return List.of();
      }
      if (value instanceof ConfigList list) {
        List<String> names = list.stream().map(ValueReader::text).toList();
        if (names.size() < 2 || names.stream().distinct().count() < names.size()) {
          problem(
              value, path + ".classes", "at least two different names", ValueReader.shown(value));
        }
        return names;
      }
      Optional<BigDecimal> count =
          ValueReader.number(value).filter(number -> number.stripTrailingZeros().scale() <= 0);
      if (count.isEmpty() || count.get().intValue() < 2 || count.get().intValue() > 1_000_000) {
        problem(
            value,
            path + ".classes",
            "a list of names, or a count of at least 2",
            ValueReader.shown(value));
        return List.of();
      }
      return IntStream.range(0, count.get().intValue()).mapToObj(String::valueOf).toList();
    }

    /** Labels of the files and what they are to be taken for. */
    Map<String, String> relabel() {
      ConfigValue value = present("relabel");
      Map<String, String> labels = new TreeMap<>();
      if (value instanceof ConfigObject object) {
        object.forEach(
            (label, other) -> {
              if (other instanceof ConfigObject || other instanceof ConfigList) {
                problem(
                    other,
                    path + ".relabel",
                    "{ \"label\" = other label, .. }, a label with a point between quotes",
                    ValueReader.shown(value));
              }
              if (ValueReader.text(other).isBlank()) {
                problem(other, path + ".relabel", "another label", ValueReader.shown(other));
              }
              labels.put(label, ValueReader.text(other));
            });
      } else if (value != null) {
        problem(
            value, path + ".relabel", "{ \"label\" = other label, .. }", ValueReader.shown(value));
      }
      return labels;
    }

    double positive(String key) {
      ConfigValue value = present(key);
      if (value == null) {
        return 0;
      }
      Optional<BigDecimal> number = ValueReader.number(value).filter(n -> n.signum() > 0);
      if (number.isEmpty()) {
        problem(value, path + "." + key, "a number above 0", ValueReader.shown(value));
      }
      return number.map(BigDecimal::doubleValue).orElse(0.0);
    }

    /** Rows and columns, and channels where there is more than one. */
    SampleShape shape() {
      ConfigValue value = present("shape");
      if (value == null) {
        return SampleShape.NONE;
      }
      if (value instanceof ConfigList list && (list.size() == 2 || list.size() == 3)) {
        List<Integer> sizes =
            list.stream()
                .map(ValueReader::number)
                .map(number -> number.filter(n -> n.stripTrailingZeros().scale() <= 0))
                .map(number -> number.map(BigDecimal::intValue).orElse(0))
                .toList();
        int channels = sizes.size() == 3 ? sizes.get(2) : 1;
        boolean positive = sizes.stream().allMatch(size -> size > 0 && size <= LONGEST_SIDE);
        if (positive && channels <= 4) {
          return new SampleShape(sizes.get(0), sizes.get(1), channels);
        }
      }
      problem(
          value,
          path + ".shape",
          "[rows, columns] or [rows, columns, channels], channels interleaved and at most 4",
          ValueReader.shown(value));
      return SampleShape.NONE;
    }

    /** What is done to images as they are read. */
    ImageChanges changes() {
      ConfigValue turned = present("transposed");
      Optional<Boolean> transposed = turned == null ? Optional.of(false) : ValueReader.flag(turned);
      if (transposed.isEmpty()) {
        problem(turned, path + ".transposed", "true or false", ValueReader.shown(turned));
      }
      ConfigValue size = present("resize");
      if (size == null) {
        return new ImageChanges(0, 0, transposed.orElse(false));
      }
      List<Integer> sides =
          size instanceof ConfigList list
              ? list.stream()
                  .flatMap(side -> ValueReader.number(side).stream())
                  .filter(n -> n.stripTrailingZeros().scale() <= 0 && n.signum() > 0)
                  .filter(n -> n.compareTo(BigDecimal.valueOf(LONGEST_RESIZED)) <= 0)
                  .map(BigDecimal::intValue)
                  .toList()
              : List.of();
      if (sides.size() != 2 || ((ConfigList) size).size() != 2) {
        problem(
            size,
            path + ".resize",
            String.format(Locale.ROOT, "[rows, columns] of 1 to %d", LONGEST_RESIZED),
            ValueReader.shown(size));
        return ImageChanges.NONE;
      }
      return new ImageChanges(sides.get(0), sides.get(1), transposed.orElse(false));
    }

    private ConfigValue present(String key) {
      ConfigValue value = description.get(key);
      return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
    }

    Optional<Download> download(ConfigValue value) {
      String expected = "{ url, bytes, sha256, name }, of which url is needed";
      if (!(value instanceof ConfigObject object)
          || !Set.of("url", "bytes", "sha256", "name").containsAll(object.keySet())) {
        problem(value, path + ".files", expected, ValueReader.shown(value));
        return Optional.empty();
      }
      Values file = new Values(path + ".files", object);
      String url = file.text("url");
      String hash = file.text("sha256").toLowerCase(Locale.ROOT);
      String name = file.present("name") == null ? lastPart(url) : file.text("name");
      double bytes = file.positive("bytes");
      if (!url.matches("(https?|file)://.+")) {
        problem(
            object, path + ".files.url", "an address that starts with http:// or https://", url);
      } else if (!name.matches("[^/\\\\]+") || name.matches("\\.*")) {
        problem(object, path + ".files.name", "the name of a file", name);
      } else if (!hash.matches("([0-9a-f]{64})?")) {
        problem(object, path + ".files.sha256", "64 hexadecimal digits", hash);
      }
      return Optional.of(new Download(name, url, hash, (long) bytes));
    }

    private static String lastPart(String url) {
      return url.substring(url.lastIndexOf('/') + 1).replaceFirst("[?#].*", "");
    }

    private void problem(ConfigValue value, String key, String expected, String found) {
      valid = false;
      if (!file.placeholder(value)) {
        problems.add(file.place(value), key, expected, found);
      }
    }
  }
}
