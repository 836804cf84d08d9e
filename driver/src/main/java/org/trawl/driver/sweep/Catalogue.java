package org.trawl.driver.sweep;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.trawl.core.data.source.SourceSpec;

/**
 * The data sets that have a name: the entries of conf/datasets.conf, each the description of a
 * source's files and, if it likes, the preparation that it gets by default.
 */
public final class Catalogue {
  /** The system property that names the folder of the installation, in which conf lies. */
  public static final String HOME = "trawl.home";

  private static final String PREPARE = "prepare";
  private static final String CLASS_NAMES = "class-names";
  private static final List<String> OTHERS =
      List.of(
          PREPARE,
          CLASS_NAMES,
          SourceReader.OBTAIN,
          SourceReader.FOLDER,
          "files",
          "description",
          "licence");

  private final String file;
  private final Map<String, Entry> entries;

  /**
   * A named data set.
   *
   * @param prepare steps by default; empty to decide by the format
   * @param classNames what people call its classes
   * @param description what it is, in a sentence
   * @param licence under which it may be used; empty for unknown
   * @param folder that its files are fetched into
   * @param downloads its files that can be fetched
   */
  public record Entry(
      SourceSpec source,
      Optional<List<String>> prepare,
      ClassNames classNames,
      String description,
      String licence,
      Path folder,
      List<Download> downloads) {
    public Entry {
      downloads = List.copyOf(downloads);
    }
  }

  private Catalogue(String file, Map<String, Entry> entries) {
    this.file = file;
    this.entries = new TreeMap<>(entries);
  }

  /**
   * Of conf/datasets.conf in the folder of the installation, else in the current one; or of
   * datasets.conf in the current one, where spark-submit's {@code --files} puts it.
   */
  public static Catalogue installed() {
    Path file = Path.of(System.getProperty(HOME, "")).resolve("conf").resolve("datasets.conf");
    Path sent = file.getFileName();
    boolean alone = System.getProperty(HOME) == null && !Files.exists(file) && Files.exists(sent);
    return read(alone ? sent : file);
  }

  /**
   * Reads a catalogue.
   *
   * @throws InputException with all that is wrong with it
   */
  public static Catalogue read(Path path) {
    Problems problems = new Problems();
    SweepFile file = new SweepFile(path, List.of(), problems);
    Map<String, Entry> entries = new TreeMap<>();
    file.root()
        .forEach(
            (name, value) ->
                entry(name, value, file, problems).ifPresent(entry -> entries.put(name, entry)));
    problems.check();
    return new Catalogue(path.toString(), entries);
  }

  private static Optional<Entry> entry(
      String name, ConfigValue value, SweepFile file, Problems problems) {
    if (!(value instanceof ConfigObject) && file.referred(name)) {
      return Optional.empty(); // a definition for others
    }
    if (!(value instanceof ConfigObject description)) {
      problems.add(file.place(value), name, "{ format, train, .. }", ValueReader.shown(value));
      return Optional.empty();
    }
    Optional<SourceSpec> source =
        new SourceReader(file, problems).read(name, description, name, OTHERS);
    ConfigValue prepare = description.get(PREPARE);
    Optional<List<String>> steps = Optional.empty();
    if (prepare != null) {
      steps =
          new ValueReader(file, new Catalogue(name, Map.of()), problems)
              .read(Keys.PREPARE, name + "." + PREPARE, prepare)
              .map(Catalogue::texts);
    }
    Optional<List<String>> given = steps;
    SourceReader reader = new SourceReader(file, problems);
    List<Download> downloads = reader.downloads(name, description);
    return source.map(
        spec ->
            new Entry(
                spec,
                given,
                classNames(name, description, spec, file, problems),
                text(description, "description"),
                text(description, "licence"),
                reader.target(name, description),
                downloads));
  }

  /** As many names as the description has classes, in their order. */
  private static ClassNames classNames(
      String name, ConfigObject description, SourceSpec source, SweepFile file, Problems problems) {
    ConfigValue value = description.get(CLASS_NAMES);
    if (value == null) {
      return ClassNames.NONE;
    }
    List<String> names =
        value instanceof ConfigList list
            ? list.stream().map(element -> String.valueOf(element.unwrapped())).toList()
            : List.of();
    List<String> classes = source.classes();
    if (classes.isEmpty()
        || names.size() != classes.size()
        || names.stream().distinct().count() < names.size()) {
      problems.add(
          file.place(value),
          name + "." + CLASS_NAMES,
          classes.isEmpty()
              ? "classes beside it, which these are the names of"
              : "a list of as many different names as there are classes, " + classes.size(),
          ValueReader.shown(value));
      return ClassNames.NONE;
    }
    Map<String, String> byClass = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      byClass.put(classes.get(i), names.get(i));
    }
    return new ClassNames(byClass);
  }

  private static String text(ConfigObject description, String key) {
    ConfigValue value = description.get(key);
    return value == null ? "" : String.valueOf(value.unwrapped());
  }

  private static List<String> texts(Object values) {
    List<String> texts = new ArrayList<>();
    ((List<?>) values).forEach(value -> texts.add((String) value));
    return List.copyOf(texts);
  }

  /** What people call the classes of a data set; empty where no entry has its name. */
  Optional<ClassNames> classNames(String name) {
    return Optional.ofNullable(entries.get(name)).map(Entry::classNames);
  }

  /** The names, in alphabetic order. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /**
   * What stands under a name.
   *
   * @throws InputException if nothing does
   */
  public Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new InputException(
          "Cannot find the data set %s: expected %s%s"
              .formatted(name, expected(), Nearest.suggestion(name, names())));
    }
    return entry;
  }

  /**
   * A source that stands on a command line: a name, a description in the form of a sweep file's
   * {@code data.source}, or a file or folder whose name tells the format. Relative files start at
   * the current folder.
   *
   * @throws InputException with all that is wrong with it
   */
  public SourceSpec find(String text) {
    if (entries.containsKey(text)) {
      return entries.get(text).source();
    }
    String description = text.strip().startsWith("{") ? text : ofFile(text);
    try {
      Path empty = Files.createTempFile("trawl-", ".conf");
      try {
        Problems problems = new Problems();
        SweepFile file = new SweepFile(empty, List.of("source = " + description), problems);
        Optional<SourceSpec> source =
            file.root().get("source") instanceof ConfigObject object
                ? new SourceReader(file, problems)
                    .read("source", object, "", SourceReader.IN_SWEEPS)
                : Optional.empty();
        problems.check();
        return source.orElseThrow(() -> new InputException("Cannot read source = " + description));
      } finally {
        Files.delete(empty);
      }
    } catch (InputException wrong) {
      String place = "--set source = " + description + ": "; // is on no command line
      throw new InputException(
          wrong.problems().stream().map(problem -> problem.replace(place, "")).toList());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What a source that is no name of the catalogue may have been meant to be. */
  static String meant(String text, Collection<String> names) {
    String format = format(text);
    return format.isEmpty()
        ? Nearest.suggestion(text, names)
        : " (cure: { format = %s, train = %s })".formatted(format, ConfigUtil.quoteString(text));
  }

  /** The description of a file or folder by its name. */
  private String ofFile(String address) {
    String format = format(address);
    if (format.isEmpty()) {
      throw new InputException(
          "Cannot tell what %s is: expected %s, a description such as { format = csv, train = .. }, or"
                  .formatted(address, expected())
              + " a file that ends in csv, tsv, svm, npz, mat or parquet"
              + Nearest.suggestion(address, names()));
    }
    return "{ format = %s, train = %s }".formatted(format, ConfigUtil.quoteString(address));
  }

  /** The format that the name of a file or folder tells; empty for none. */
  private static String format(String address) {
    String name = address.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    boolean local = !address.contains("://") && address.indexOf('\0') < 0;
    boolean folder = local && Files.isDirectory(Path.of(address));
    return name.matches(".*\\.(csv|tsv|data|txt)")
        ? "csv"
        : name.matches(".*\\.(svm|libsvm|svmlight)")
            ? "libsvm"
            : name.matches(".*\\.npz(#.*)?")
                ? "npz"
                : name.matches(".*\\.mat(#.*)?")
                    ? "mat"
                    : name.endsWith(".parquet") ? "parquet" : folder ? "images" : "";
  }

  /** The files of a source. */
  public SourceSpec source(Object value) {
    return value instanceof SourceSpec spec ? spec : entries.get((String) value).source();
  }

  /** The steps of preparation that a source gets where none are given. */
  public List<String> prepare(Object value) {
    Optional<List<String>> own =
        value instanceof SourceSpec ? Optional.empty() : entries.get((String) value).prepare();
    return own.orElseGet(
        () ->
            switch (source(value).format()) {
              case IDX, CIFAR10, CIFAR100, IMAGES -> List.of("unit");
              default -> List.of();
            });
  }

  /** What a source's name can be, for messages. */
  String expected() {
    return entries.isEmpty()
        ? "a name of " + file + " (which has none)"
        : "one of " + String.join(", ", entries.keySet());
  }
}
