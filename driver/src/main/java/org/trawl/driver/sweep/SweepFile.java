package org.trawl.driver.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A HOCON file with its includes, its {@code --set key=value} and its substitutions resolved, which
 * still knows where each value stands.
 *
 * <p>HOCON keeps no order of keys and merges objects, so the order of axes comes from places: that
 * of an included file is the place of its {@code include}, and two keys on one line are told apart
 * by looking at the line. A value that {@code --set} replaces keeps its place in that order.
 *
 * <p>Substitutions see the file, then system properties, then the environment. An include that is
 * missing and a substitution without a value are problems; reading goes on, with a placeholder that
 * {@link #placeholder} recognises.
 */
final class SweepFile {
  /** How Config calls the place of what no file has. */
  private static final String NOWHERE = ConfigFactory.empty().origin().description();

  private static final String PLACEHOLDER = "unresolved substitution";
  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\??([^}]*)}");
  private static final Pattern ADDED = Pattern.compile("\\s*([\\w.-]+)\\s*\\+=\\s*(.*)");
  private static final Pattern FILE_AND_LINE = Pattern.compile("(.*?): (\\d+)(-\\d+)?");

  private final Path main;
  private final String shownMain;
  private final Problems problems;
  private final Includes includes;
  private final List<String> settings;
  private final Config alone;
  private final ConfigObject root;

  /**
   * Reads a file.
   *
   * @param settings each {@code key=value} in HOCON's syntax; later ones win, all win over the file
   * @throws InputException for problems that leave nothing to look at
   */
  SweepFile(Path file, List<String> settings, Problems problems) {
    this.main = file.toAbsolutePath().normalize();
    this.shownMain = file.toString();
    this.problems = problems;
    this.settings = List.copyOf(settings);
    if (!Files.isRegularFile(main) || !Files.isReadable(main)) {
      throw new InputException(
          "Cannot read %s: expected a file, found %s"
              .formatted(
                  file,
                  Files.isDirectory(main)
                      ? "a folder"
                      : Files.exists(main) ? "none that may be read" : "none" + beside(file)));
    }
    this.includes = new Includes(main);
    this.alone = parseFile();
    Config complete = alone;
    for (int i = 0; i < settings.size(); i++) {
      checkAdded(i, complete);
      complete = parseSetting(i).withFallback(complete);
    }
    problems.check();
    includes
        .missing()
        .forEach(
            missing ->
                problems.add(
                    place(missing.file(), missing.line()),
                    "include",
                    "a file",
                    "none at \"" + missing.name() + "\""));
    this.root = resolve(complete).root();
  }

  /** What file beside one that is not there may have been meant. */
  private static String beside(Path file) {
    Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files
              .map(Path::getFileName)
              .map(Path::toString)
              .filter(n -> n.endsWith(".conf"))
              .toList();
      String name = String.valueOf(file.getFileName());
      return names.contains(name + ".conf")
          ? " (did you mean %s.conf?)".formatted(file)
          : Nearest.find(name, names)
              .map(near -> " (did you mean %s?)".formatted(folder.resolve(near)))
              .orElse("");
    } catch (IOException unknown) {
      return "";
    }
  }

  /** Whether every include was found, so that what is missing is missing. */
  boolean whole() {
    return includes.missing().isEmpty();
  }

  /** The merged and resolved whole. */
  ConfigObject root() {
    return root;
  }

  /** The first line of the file. */
  Place start() {
    return place(main, 1);
  }

  /** Where a value stands. */
  Place place(ConfigValue value) {
    ConfigOrigin origin = value.origin();
    if (origin.lineNumber() < 0 && value instanceof ConfigObject object && !object.isEmpty()) {
      return object.values().stream().map(this::place).min(Place::compareTo).orElseThrow();
    }
    return place(origin);
  }

  /** Whether a value stands for a substitution that has been reported. */
  boolean placeholder(ConfigValue value) {
    return value.origin().description().contains(PLACEHOLDER);
  }

  /** Whether a substitution anywhere refers to a path, or to something below it. */
  boolean referred(String path) {
    String keys =
        Arrays.stream(path.split("\\.", -1))
            .map(key -> "\"?" + Pattern.quote(key) + "\"?")
            .collect(Collectors.joining("\\."));
    Pattern reference = Pattern.compile("\\$\\{\\??\\s*" + keys + "\\s*[.}]");
    return Stream.concat(
            includes.texts().values().stream().flatMap(List::stream), settings.stream())
        .anyMatch(line -> reference.matcher(line).find());
  }

  /** Whether a value comes from {@code --set}. */
  boolean set(ConfigValue value) {
    return setting(value.origin()) >= 0;
  }

  /** What relative addresses of a value are relative to. */
  Path folder(ConfigValue value) {
    return file(value.origin()).map(Path::getParent).orElse(Path.of("").toAbsolutePath());
  }

  /**
   * Where a value stands in the order of the text, included files in the place of their include.
   *
   * @param path the value's keys from the top
   */
  TextOrder order(List<String> path, ConfigValue value) {
    ConfigOrigin origin = unresolved(path).orElse(value).origin();
    int setting = setting(origin);
    if (setting >= 0) {
      return new TextOrder(List.of(Integer.MAX_VALUE, setting));
    }
    if (origin.lineNumber() < 0 && value instanceof ConfigObject object && !object.isEmpty()) {
      origin = object.values().iterator().next().origin();
    }
    Optional<Path> file = file(origin);
    if (file.isEmpty() || origin.lineNumber() < 0) {
      return new TextOrder(List.of(Integer.MAX_VALUE - 1));
    }
    List<Integer> order = new ArrayList<>(includes.chain(file.get()));
    order.add(origin.lineNumber());
    order.add(includes.column(file.get(), origin.lineNumber(), path.get(path.size() - 1)));
    return new TextOrder(order);
  }

  /** The value that the file alone has at a path, before substitutions. */
  private Optional<ConfigValue> unresolved(List<String> path) {
    return at(alone.root(), path).filter(found -> found.origin().lineNumber() > 0);
  }

  /** The value at a path, which a substitution may decide; empty for none, and below such a one. */
  private static Optional<ConfigValue> at(ConfigObject top, List<String> path) {
    ConfigValue value = top;
    try {
      for (String key : path) {
        value = value instanceof ConfigObject object ? object.get(key) : null;
      }
      return Optional.ofNullable(value);
    } catch (ConfigException.NotResolved delayed) {
      return Optional.empty();
    }
  }

  private Config parseFile() {
    try {
      ConfigParseOptions options =
          ConfigParseOptions.defaults().setAllowMissing(false).setIncluder(includes);
      if (!main.toString().endsWith(".json") && !main.toString().endsWith(".properties")) {
        options = options.setSyntax(ConfigSyntax.CONF);
      }
      return ConfigFactory.parseFile(main.toFile(), options);
    } catch (ConfigException wrong) {
      refuse(wrong);
      problems.check();
      throw wrong;
    }
  }

  /** Tells why a file, this one or one that it includes, cannot be parsed. */
  private void refuse(ConfigException wrong) {
    Place place = place(wrong.origin());
    Optional<Path> file = wrong.origin() == null ? Optional.empty() : file(wrong.origin());
    List<String> lines = file.map(includes.texts()::get).orElse(List.of());
    SyntaxProblem problem = SyntaxProblem.of(lines, Math.max(1, place.line()), wrong);
    problems.add(
        new Place(place.file(), lines.isEmpty() ? place.line() : problem.line(), place.order()),
        problem.text());
  }

  /** Refuses to add to what is no list. */
  private void checkAdded(int index, Config before) {
    Matcher matcher = ADDED.matcher(settings.get(index));
    if (!matcher.matches()) {
      return;
    }
    String key = matcher.group(1);
    Optional<ConfigValue> value =
        at(before.root(), List.of(key.split("\\."))).filter(SweepFile::known);
    if (value.isPresent() && value.get().valueType() != ConfigValueType.LIST) {
      problems.add(
          settingPlace(index),
          "%s: expected a list that += adds to, found %s (cure: --set %s=%s)"
              .formatted(key, ValueReader.shown(value.get()), key, matcher.group(2)));
    }
  }

  /** Whether no substitution or addition decides what a value is. */
  private static boolean known(ConfigValue value) {
    try {
      return value.valueType() != null;
    } catch (ConfigException.NotResolved delayed) {
      return false;
    }
  }

  private Config parseSetting(int index) {
    String setting = settings.get(index);
    String description = description(index);
    Optional<String> problem = Settings.problem(setting);
    if (problem.isPresent()) {
      problems.add(settingPlace(index), problem.get());
      return ConfigFactory.empty();
    }
    try {
      return ConfigFactory.parseString(
          setting,
          ConfigParseOptions.defaults()
              .setOriginDescription(description)
              .setSyntax(ConfigSyntax.CONF));
    } catch (ConfigException wrong) {
      problems.add(settingPlace(index), SyntaxProblem.of(List.of(setting), 1, wrong).text());
      return ConfigFactory.empty();
    }
  }

  private Config resolve(Config unresolved) {
    ConfigResolveOptions options =
        ConfigResolveOptions.defaults().appendResolver(new SystemProperties());
    Config config = unresolved;
    Set<String> reported = new HashSet<>();
    while (true) {
      try {
        return config.resolve(options);
      } catch (ConfigException.UnresolvedSubstitution missing) {
        Matcher matcher = SUBSTITUTION.matcher(missing.getMessage());
        boolean cycle = missing.getMessage().contains("cycle");
        String path = matcher.find() ? matcher.group(1) : "";
        if (!cycle && !reported.add(path)) {
          problems.check();
        }
        problems.add(
            place(missing.origin()),
            "${" + path + "}",
            "a key of the file, a system property or a variable of the environment",
            cycle ? "a cycle of substitutions" : "none");
        if (cycle || path.isEmpty()) {
          problems.check();
        }
        config = config.withFallback(ConfigValueFactory.fromAnyRef("", PLACEHOLDER).atPath(path));
      } catch (ConfigException wrong) {
        if (reported.isEmpty()) {
          refuse(wrong);
        }
        problems.check();
        throw wrong;
      }
    }
  }

  /** System properties, after the file and before the environment. */
  private static final class SystemProperties implements ConfigResolver {
    @Override
    public ConfigValue lookup(String path) {
      String value = System.getProperty(String.join(".", ConfigUtil.splitPath(path)));
      return value == null ? null : ConfigValueFactory.fromAnyRef(value, "system property " + path);
    }

    @Override
    public ConfigResolver withFallback(ConfigResolver fallback) {
      return this;
    }
  }

  private Place place(ConfigOrigin origin) {
    if (origin == null) {
      return start();
    }
    int setting = setting(origin);
    if (setting >= 0) {
      return settingPlace(setting);
    }
    Optional<Path> file = file(origin);
    if (file.isPresent() && origin.lineNumber() > 0) {
      return place(file.get(), origin.lineNumber());
    }
    String description = origin.description().replaceFirst("^merge of ", "");
    Matcher matcher = FILE_AND_LINE.matcher(description);
    if (description.equals(NOWHERE)) {
      return start();
    } else if (file.isPresent()) {
      return matcher.lookingAt()
          ? place(file.get(), Integer.parseInt(matcher.group(2)))
          : place(file.get(), 0);
    }
    return new Place(description, 0, Integer.MAX_VALUE);
  }

  /** The file that a value comes from; the first one, of a value made from several. */
  private Optional<Path> file(ConfigOrigin origin) {
    String first = origin.description().replaceFirst("^merge of ", "");
    return Stream.of(Optional.ofNullable(origin.filename()).orElse(""), first.split(": \\d", 2)[0])
        .map(name -> Path.of(name).toAbsolutePath().normalize())
        .filter(includes.texts()::containsKey)
        .findFirst();
  }

  private Place place(Path file, int line) {
    return new Place(shown(file), line, includes.index(file));
  }

  private String shown(Path file) {
    if (file.equals(main)) {
      return shownMain;
    }
    Path here = Path.of("").toAbsolutePath();
    return file.startsWith(here) ? here.relativize(file).toString() : file.toString();
  }

  private Place settingPlace(int index) {
    return new Place("--set " + settings.get(index), 0, Integer.MAX_VALUE);
  }

  /** Unlike any file's name, and the same for no other setting. */
  private static String description(int index) {
    return "--set #" + index;
  }

  /** The position of the {@code --set} that an origin is; -1 for none. */
  private int setting(ConfigOrigin origin) {
    for (int i = 0; i < settings.size(); i++) {
      if (origin.description().matches(Pattern.quote(description(i)) + "(: \\d+(-\\d+)?)?")) {
        return i;
      }
    }
    return -1;
  }

  /**
   * A position in the text of a file and what it includes.
   *
   * @param steps line of an include, line in the included file and so on, at last the column
   */
  record TextOrder(List<Integer> steps) implements Comparable<TextOrder> {
    @Override
    public int compareTo(TextOrder other) {
      for (int i = 0; i < Math.min(steps.size(), other.steps.size()); i++) {
        int compared = Integer.compare(steps.get(i), other.steps.get(i));
        if (compared != 0) {
          return compared;
        }
      }
      return Integer.compare(steps.size(), other.steps.size());
    }
  }

  /** The lines of a file; none if it cannot be read. */
  static List<String> lines(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }
}
