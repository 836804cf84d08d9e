package org.trawl.driver.sweep;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.trawl.driver.sweep.SweepFile.TextOrder;

/**
 * Reads a sweep file: HOCON with includes and substitutions, every key checked, every problem told
 * at once with its place and what was expected.
 *
 * <p>A key of the top level that is none of Trawl's is a definition, and no mistake, if a
 * substitution refers to it.
 */
public final class SweepReader {
  private static final List<String> SECTIONS = List.of("data", "network", "training");
  private static final String VARIANTS = "variants";
  private static final String WHERE = "where";
  private static final List<String> TOP =
      List.of(
          "name", "seed", "repeats", "objective", "data", "network", "training", "sweep", "keep");
  private final Problems problems = new Problems();
  private final SweepFile file;
  private final SectionReader sections;
  private final TopReader top;
  private final ValueReader values;
  private final AxisReader axisReader;

  /** Keys of which a value was refused: they are not missing. */
  private final Set<Key> failed = new HashSet<>();

  /** What {@code --set} gives to keys outside sweep. */
  private final Map<Key, Setting> forced = new LinkedHashMap<>();

  private SweepReader(Path path, List<String> settings, Catalogue catalogue) {
    file = new SweepFile(path, settings, problems);
    sections = new SectionReader(file, problems);
    String name = path.getFileName().toString().replaceFirst("\\.(conf|json|properties)$", "");
    top = new TopReader(file, sections, problems, name);
    values = new ValueReader(file, catalogue, problems);
    axisReader = new AxisReader(file, values, problems);
  }

  /**
   * Reads a sweep file.
   *
   * @param settings each {@code key=value} in HOCON's syntax; they win over the file
   * @throws InputException with all that is wrong with it
   */
  public static Sweep read(Path path, List<String> settings, Catalogue catalogue) {
    return new SweepReader(path, settings, catalogue).read();
  }

  private Sweep read() {
    ConfigObject root = file.root();
    checkTop(root);
    String name = top.name(root.get("name"));
    long seed = sections.whole("seed", root.get("seed"), 1, Long.MIN_VALUE, Long.MAX_VALUE);
    int repeats = (int) sections.whole("repeats", root.get("repeats"), 1, 1, 1_000_000);
    Optional<Objective> objective = top.objective(root.get("objective"));
    Place place =
        root.get("objective") instanceof ConfigObject given && given.containsKey("metric")
            ? file.place(given.get("metric"))
            : file.start();
    Map<Key, Setting> base = settings(root, "");
    ConfigObject sweep = sections.object("sweep", root.get("sweep"));
    List<Axis> beside = axes(sweep, List.of("sweep"), List.of(VARIANTS, WHERE));
    List<Variant> variants = variants(sweep.get(VARIANTS), base, beside, sweep);
    Optional<Where> where = where(sweep.get(WHERE));
    Keep keep = top.keep(root.get("keep"));
    variants.forEach(this::checkRequired);
    checkSettingsCount(variants);
    problems.check();
    return new Sweep(
        name, seed, repeats, objective, variants, where, keep, place, axisReader.notes());
  }

  private void checkTop(ConfigObject root) {
    root.forEach(
        (key, value) -> {
          if (!TOP.contains(key) && !file.placeholder(value) && !file.referred(key)) {
            sections.unknown(value, key, TOP);
          }
        });
  }

  /** The values that stand in the sections of a file or of a variant. */
  private Map<Key, Setting> settings(ConfigObject parent, String prefix) {
    Map<Key, Setting> settings = new LinkedHashMap<>();
    for (String section : SECTIONS) {
      ConfigObject object = sections.object(prefix + section, parent.get(section));
      walk(
          object,
          section,
          prefix,
          (key, value) -> {
            Optional<Object> read = values.read(key, prefix + key.path(), value);
            read.ifPresent(found -> settings.put(key, new Setting(found, file.place(value))));
            if (read.isEmpty()) {
              failed.add(key);
            } else if (prefix.isEmpty() && file.set(value)) {
              forced.put(key, settings.get(key));
            }
          });
    }
    return settings;
  }

  /**
   * The axes of a sweep section, in the order of the text.
   *
   * @param path of the section from the top
   * @param others keys of the section that are no axes
   */
  private List<Axis> axes(ConfigObject sweep, List<String> path, List<String> others) {
    String prefix = String.join(".", path) + ".";
    record Placed(TextOrder order, Axis axis) {}
    List<Placed> axes = new ArrayList<>();
    List<String> known = Stream.concat(SECTIONS.stream(), others.stream()).toList();
    sections.requireKnown(sweep, prefix, known);
    for (String section : SECTIONS) {
      walk(
          sections.object(prefix + section, sweep.get(section)),
          section,
          prefix,
          (key, value) -> {
            List<String> full = new ArrayList<>(path);
            full.addAll(Arrays.asList(key.path().split("\\.", -1)));
            Optional<Axis> axis = axisReader.read(key, prefix + key.path(), value);
            axis.ifPresent(found -> axes.add(new Placed(file.order(full, value), found)));
            if (axis.isEmpty()) {
              failed.add(key);
            }
          });
    }
    return axes.stream()
        .sorted(
            Comparator.comparing(Placed::order)
                .thenComparing(placed -> Keys.all().indexOf(placed.axis().key())))
        .map(Placed::axis)
        .toList();
  }

  private interface Visitor {
    void visit(Key key, ConfigValue value);
  }

  /** Visits every key that is given below a section, and reports what is no key. */
  private void walk(ConfigObject object, String path, String prefix, Visitor visitor) {
    object.forEach(
        (name, value) -> {
          String below = path + "." + name;
          Optional<Key> key =
              Keys.all().stream().filter(known -> known.path().equals(below)).findFirst();
          if (SectionReader.absent(value)) {
            if (key.isEmpty() && !file.placeholder(value) && !isGroup(below)) {
              sections.unknown(value, prefix + below, children(path));
            }
          } else if (key.isPresent()) {
            visitor.visit(key.get(), value);
          } else if (isGroup(below)) {
            walk(sections.object(prefix + below, value), below, prefix, visitor);
          } else {
            sections.unknown(value, prefix + below, children(path));
          }
        });
  }

  private static boolean isGroup(String path) {
    return Keys.all().stream().anyMatch(key -> key.path().startsWith(path + "."));
  }

  /** The names that can stand directly below a path. */
  private static Collection<String> children(String path) {
    TreeSet<String> names = new TreeSet<>();
    for (Key key : Keys.all()) {
      if (key.path().startsWith(path + ".")) {
        names.add(key.path().substring(path.length() + 1).split("\\.", -1)[0]);
      }
    }
    return names;
  }

  private List<Variant> variants(
      ConfigValue value, Map<Key, Setting> base, List<Axis> beside, ConfigObject sweep) {
    if (SectionReader.absent(value)) {
      Place place = sweep.isEmpty() ? file.start() : file.place(sweep);
      return List.of(new Variant("", base, beside, place));
    }
    if (!(value instanceof ConfigList list) || list.isEmpty()) {
      problems.add(
          file.place(value),
          "sweep.variants",
          "a list of objects, [{ name = .., .. }, ..], at least one",
          ValueReader.shown(value));
      return List.of();
    }
    List<Variant> variants = new ArrayList<>();
    Map<String, Place> names = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      ConfigValue element = list.get(i);
      String path = "sweep.variants[" + (i + 1) + "]";
      if (element instanceof ConfigObject object) {
        Variant variant = variant(object, path, i + 1, base, beside);
        Place before = names.putIfAbsent(variant.name(), variant.place());
        if (before != null) {
          problems.add(
              variant.place(),
              path + ".name",
              "a name of its own",
              "%s, as at %s".formatted(variant.name(), before));
        }
        variants.add(variant);
      } else if (!file.placeholder(element)) {
        problems.add(
            file.place(element),
            path,
            "an object such as { network { hidden = [20] } }",
            ValueReader.shown(element));
      }
    }
    return variants;
  }

  private Variant variant(
      ConfigObject object, String path, int position, Map<Key, Setting> base, List<Axis> beside) {
    List<String> known =
        Stream.concat(Stream.of("name"), Stream.concat(SECTIONS.stream(), Stream.of("sweep")))
            .toList();
    sections.requireKnown(object, path + ".", known);
    ConfigValue name = object.get("name");
    if (!SectionReader.absent(name)
        && (!SectionReader.isText(name) || name.unwrapped().toString().isBlank())) {
      problems.add(file.place(name), path + ".name", "a text", ValueReader.shown(name));
    }
    Map<Key, Setting> own = settings(object, path + ".");
    List<Axis> ownAxes =
        axes(
            sections.object(path + ".sweep", object.get("sweep")),
            List.of(path, "sweep"),
            List.of());
    for (Axis axis : beside) {
      Place clash =
          own.containsKey(axis.key())
              ? own.get(axis.key()).place()
              : ownAxes.stream()
                  .filter(other -> other.key().equals(axis.key()))
                  .map(Axis::place)
                  .findFirst()
                  .orElse(null);
      if (clash != null) {
        problems.add(
            clash,
            path + ": " + axis.key().path(),
            "a key that is no axis beside variants",
            "one that is, at %s (cure: move that axis into the variants)".formatted(axis.place()));
      }
    }
    Map<Key, Setting> settings = new LinkedHashMap<>(base);
    settings.putAll(own);
    return new Variant(
        SectionReader.absent(name) ? String.valueOf(position) : name.unwrapped().toString(),
        settings,
        Stream.concat(beside.stream(), ownAxes.stream()).toList(),
        file.place(object));
  }

  private Optional<Where> where(ConfigValue value) {
    if (SectionReader.absent(value) || file.placeholder(value)) {
      return Optional.empty();
    }
    if (value.valueType() != ConfigValueType.STRING || value.unwrapped().toString().isBlank()) {
      problems.add(
          file.place(value),
          "sweep.where",
          "a Spark SQL predicate in quotes",
          ValueReader.shown(value));
      return Optional.empty();
    }
    try {
      return Optional.of(new Where(value.unwrapped().toString(), file.place(value)));
    } catch (InputException wrong) {
      wrong.problems().forEach(line -> problems.add(file.place(value), line));
      return Optional.empty();
    }
  }

  private void checkRequired(Variant variant) {
    if (!file.whole()) {
      return; // it may stand in the file that is missing
    }
    for (Key key : Keys.all()) {
      boolean given =
          variant.settings().containsKey(key)
              || variant.axes().stream().anyMatch(axis -> axis.key().equals(key));
      if (key.required() && !given && !failed.contains(key)) {
        problems.add(
            variant.name().isEmpty() ? file.start() : variant.place(),
            key.path(),
            "a value, or an axis sweep." + key.path(),
            "none");
      }
    }
  }

  /** Refuses a {@code --set} of a key to which every variant gives other values anyway. */
  private void checkSettingsCount(List<Variant> variants) {
    forced.forEach(
        (key, setting) -> {
          boolean futile =
              !variants.isEmpty()
                  && variants.stream().allMatch(variant -> overrides(variant, key, setting));
          if (futile) {
            problems.add(
                setting.place(),
                key.path(),
                "a key that is not swept",
                "one that is (cure: --set sweep.%s=[..], or =null to sweep it no longer)"
                    .formatted(key.path()));
          }
        });
  }

  private static boolean overrides(Variant variant, Key key, Setting setting) {
    return variant.axes().stream().anyMatch(axis -> axis.key().equals(key))
        || !setting.equals(variant.settings().get(key));
  }
}
