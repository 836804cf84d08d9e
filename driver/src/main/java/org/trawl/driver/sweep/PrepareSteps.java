package org.trawl.driver.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.preparation.PrepareStep.Balance;
import org.trawl.core.data.preparation.PrepareStep.Hog;
import org.trawl.core.data.preparation.PrepareStep.Impute;
import org.trawl.core.data.preparation.PrepareStep.Standardize;

/**
 * The steps of a preparation in sweep files and in tables. A file has a word, {@code unit}; or, of
 * a step with a value, an object, <code>{ pca = 20 }</code>; or, of one with several options, an
 * object of these, <code>{ hog { orientations = 10 } }</code>. Everywhere else a step is a text,
 * the one that all forms of an equal step share: without the braces, without what is at its
 * default.
 */
public final class PrepareSteps {
  private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);

  /**
   * One value of a step.
   *
   * @param name its key in the step's object; empty where it is the step's only one
   * @param expected how a message asks for it
   * @param read empty for a value that it cannot be
   * @param defaultValue empty for a required one
   */
  private record Option(
      String name,
      String expected,
      Function<ConfigValue, Optional<Object>> read,
      Optional<Object> defaultValue) {}

  /** A step: what its values are, and what it is in the core. */
  private record Kind(String word, List<Option> options, Function<List<Object>, PrepareStep> make) {
    /** Whether its options have names. */
    boolean named() {
      return options.stream().anyMatch(option -> !option.name().isEmpty());
    }

    boolean required() {
      return options.stream().anyMatch(option -> option.defaultValue().isEmpty());
    }
  }

  private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

  static {
    add(
        "classes",
        texts("a list of at least 2 classes"),
        names ->
            new PrepareStep.Classes(((List<?>) names).stream().map(String.class::cast).toList()));
    add(
        "limit",
        count("a whole number of at least 1"),
        count -> new PrepareStep.Limit((Integer) count));
    add(
        "balance",
        word(Balance.How.values(), Balance.How.UNDER),
        how -> new Balance(Balance.How.valueOf(constant(how))));
    add(
        "impute",
        List.of(
            new Option(
                "value",
                "mean, median, most_frequent or a number",
                PrepareSteps::imputed,
                Optional.of("mean")),
            new Option(
                "indicator",
                "true or false",
                value -> Optional.of(value.unwrapped()).filter(Boolean.class::isInstance),
                Optional.of(false))),
        values -> impute(values.get(0), (Boolean) values.get(1)));
    add("one-hot", List.of(), values -> new PrepareStep.OneHot());
    add("gray", List.of(), values -> new PrepareStep.Gray());
    add(
        "resize",
        pair("", Optional.empty()),
        size -> new PrepareStep.Resize(element(size, 0), element(size, 1)));
    add("unit", List.of(), values -> new PrepareStep.Unit());
    add(
        "scale",
        number("a number other than 0", number -> number.signum() != 0),
        factor -> new PrepareStep.Scale(((BigDecimal) factor).doubleValue()));
    add(
        "standardize",
        word(Standardize.Over.values(), Standardize.Over.EACH),
        over -> new Standardize(Standardize.Over.valueOf(constant(over))));
    add(
        "pca",
        number(
            "a number of components, or below 1 the share of the variance",
            number -> number.signum() > 0 && Limit.PART.accepts().test(number)),
        components -> new PrepareStep.Pca(((BigDecimal) components).doubleValue()));
    add(
        "hog",
        List.of(
            named("orientations", count("a whole number of at least 1"), 9),
            pair("pixels-per-cell", Optional.of(List.of(8, 8))),
            pair("cells-per-block", Optional.of(List.of(3, 3)))),
        values ->
            new Hog(
                (Integer) values.get(0),
                element(values.get(1), 0),
                element(values.get(1), 1),
                element(values.get(2), 0),
                element(values.get(2), 1)));
  }

  private PrepareSteps() {}

  /** The words of all steps. */
  public static List<String> words() {
    return List.copyOf(KINDS.keySet());
  }

  /**
   * The step of a text.
   *
   * @throws IllegalArgumentException if it is not the text of a step
   */
  public static PrepareStep step(String text) {
    Kind kind = KINDS.get(text);
    if (kind != null) {
      return kind.make().apply(defaults(kind));
    }
    ConfigObject object = parsed(text).orElseThrow(() -> new IllegalArgumentException(text));
    Map.Entry<String, ConfigValue> entry = object.entrySet().iterator().next();
    kind = KINDS.get(entry.getKey());
    List<Object> values = new ArrayList<>();
    ConfigValue all = options(kind, entry.getValue());
    for (Option option : kind.options()) {
      ConfigValue given = kind.named() ? ((ConfigObject) all).get(option.name()) : all;
      values.add(
          given == null ? option.defaultValue().orElseThrow() : option.read().apply(given).get());
    }
    return kind.make().apply(values);
  }

  /** The text of a step in a file; empty if there was a problem. */
  static Optional<String> read(SweepFile file, String path, ConfigValue value, Problems problems) {
    if (value.valueType() == ConfigValueType.STRING) {
      String word = value.unwrapped().toString();
      Kind kind = KINDS.get(word);
      if (kind != null && !kind.required()) {
        return Optional.of(word);
      } else if (kind != null) {
        problems.add(
            file.place(value),
            path,
            "{ %s = %s }".formatted(word, kind.options().get(0).expected()),
            word + " without it");
        return Optional.empty();
      }
      Optional<ConfigObject> object = parsed(word);
      if (object.isPresent()) {
        return read(file, path, value, object.get(), problems);
      }
    }
    if (value instanceof ConfigObject object && object.size() == 1) {
      return read(file, path, value, object, problems);
    }
    problems.add(
        file.place(value),
        path,
        "one of " + String.join(", ", words()) + " or a list of such",
        ValueReader.shown(value)
            + (value.valueType() == ConfigValueType.STRING
                ? Nearest.suggestion(value.unwrapped().toString(), words())
                : value instanceof ConfigObject several && several.size() > 1
                    ? " (cure: each step in { } of its own, in their order)"
                    : ""));
    return Optional.empty();
  }

  /**
   * Reads an object of one step.
   *
   * @param place the value in the file that it comes from
   */
  private static Optional<String> read(
      SweepFile file, String path, ConfigValue place, ConfigObject object, Problems problems) {
    String word = object.keySet().iterator().next();
    ConfigValue given = object.get(word);
    Kind kind = KINDS.get(word);
    if (kind == null) {
      problems.add(
          file.place(place),
          path + "." + word,
          "one of " + String.join(", ", words()),
          "an unknown step" + Nearest.suggestion(word, words()));
      return Optional.empty();
    }
    if (kind.options().isEmpty()) {
      problems.add(
          file.place(place), path + "." + word, word + " alone", ValueReader.shown(object));
      return Optional.empty();
    }
    if (!kind.named()) {
      Option option = kind.options().get(0);
      Optional<Object> found = option.read().apply(given);
      if (found.isEmpty()) {
        problems.add(
            file.place(place), path + "." + word, option.expected(), ValueReader.shown(given));
      }
      return found.map(
          found1 -> found.equals(option.defaultValue()) ? word : word + " = " + text(found1));
    }
    return named(file, path + "." + word, place, kind, options(kind, given), problems);
  }

  /** A step without braces around its options: what is given is the first one. */
  private static ConfigValue options(Kind kind, ConfigValue given) {
    boolean all = given instanceof ConfigObject || kind.options().get(0).defaultValue().isEmpty();
    return all || !kind.word().equals("impute")
        ? given
        : ConfigFactory.empty().root().withValue(kind.options().get(0).name(), given);
  }

  private static Optional<Object> imputed(ConfigValue value) {
    boolean word = List.of("mean", "median", "most_frequent").contains(value.unwrapped());
    return word
        ? Optional.of(value.unwrapped())
        : ValueReader.number(value)
            .filter(number -> Float.isFinite(number.floatValue()))
            .map(number -> number);
  }

  private static PrepareStep impute(Object value, boolean indicator) {
    return value instanceof BigDecimal constant
        ? new Impute(Impute.With.CONSTANT, constant.doubleValue(), indicator)
        : new Impute(Impute.With.valueOf(constant(value)), 0, indicator);
  }

  private static Optional<String> named(
      SweepFile file,
      String path,
      ConfigValue place,
      Kind kind,
      ConfigValue given,
      Problems problems) {
    List<String> names = kind.options().stream().map(Option::name).toList();
    if (!(given instanceof ConfigObject options)) {
      problems.add(
          file.place(place),
          path,
          "{ %s }".formatted(String.join(", ", names)),
          ValueReader.shown(given));
      return Optional.empty();
    }
    boolean valid = true;
    for (String name : options.keySet()) {
      if (!names.contains(name)) {
        valid = false;
        problems.add(
            file.place(place),
            path + "." + name,
            "one of " + String.join(", ", names),
            "an unknown option" + Nearest.suggestion(name, names));
      }
    }
    List<String> texts = new ArrayList<>();
    for (Option option : kind.options()) {
      ConfigValue value = options.get(option.name());
      if (value == null || value.valueType() == ConfigValueType.NULL) {
        continue;
      }
      Optional<Object> found = option.read().apply(value);
      if (found.isEmpty()) {
        valid = false;
        problems.add(
            file.place(place),
            path + "." + option.name(),
            option.expected(),
            ValueReader.shown(value));
      } else if (!found.equals(option.defaultValue())) {
        texts.add(option.name() + " = " + text(found.get()));
      }
    }
    String all = texts.isEmpty() ? "" : " { " + String.join(", ", texts) + " }";
    return valid ? Optional.of(kind.word() + all) : Optional.empty();
  }

  /** The object of one step that a text is without its braces; empty where it is none. */
  private static Optional<ConfigObject> parsed(String text) {
    if (text.indexOf('=') < 0 && text.indexOf('{') < 0) {
      return Optional.empty();
    }
    try {
      Config config = ConfigFactory.parseString(text);
      return Optional.of(config.root()).filter(object -> object.size() == 1);
    } catch (ConfigException none) {
      return Optional.empty();
    }
  }

  private static List<Object> defaults(Kind kind) {
    return kind.options().stream().map(option -> option.defaultValue().orElseThrow()).toList();
  }

  private static String text(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(PrepareSteps::text).collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof BigDecimal number) {
      boolean whole = number.scale() <= 0 && number.abs().compareTo(MOST) <= 0;
      return whole ? number.toPlainString() : Key.text(number);
    } else if (value instanceof String word) {
      boolean plain = word.matches("[A-Za-z][A-Za-z0-9_-]*|0|[1-9][0-9]{0,8}");
      return plain && !List.of("true", "false", "null").contains(word)
          ? word
          : ConfigUtil.quoteString(word);
    }
    return value.toString();
  }

  private static void add(String word, Option option, Function<Object, PrepareStep> make) {
    add(word, List.of(option), values -> make.apply(values.get(0)));
  }

  private static void add(
      String word, List<Option> options, Function<List<Object>, PrepareStep> make) {
    KINDS.put(word, new Kind(word, options, make));
  }

  private static int element(Object pair, int index) {
    return (Integer) ((List<?>) pair).get(index);
  }

  private static Option named(String name, Option option, Object defaultValue) {
    return new Option(name, option.expected(), option.read(), Optional.of(defaultValue));
  }

  private static Option number(String expected, Predicate<BigDecimal> accepts) {
    return new Option(
        "",
        expected,
        value -> ValueReader.number(value).filter(accepts).map(n -> n),
        Optional.empty());
  }

  private static Option count(String expected) {
    return new Option("", expected, value -> whole(value).map(n -> n), Optional.empty());
  }

  private static Option pair(String name, Optional<Object> defaultValue) {
    return new Option(
        name,
        "[rows, columns] of at least 1",
        value -> {
          List<Integer> numbers =
              value instanceof ConfigList list
                  ? list.stream().flatMap(element -> whole(element).stream()).toList()
                  : List.of();
          return numbers.size() == 2 && ((ConfigList) value).size() == 2
              ? Optional.of(numbers)
              : Optional.empty();
        },
        defaultValue);
  }

  private static <E extends Enum<E>> Option word(E[] constants, E defaultConstant) {
    List<String> words = List.of(constants).stream().map(PrepareSteps::word).toList();
    return new Option(
        "",
        "one of " + String.join(", ", words),
        value -> Optional.of(value.unwrapped()).filter(words::contains),
        Optional.of(word(defaultConstant)));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String constant(Object word) {
    return word.toString().toUpperCase(Locale.ROOT);
  }

  /** In one order, each once: a set of classes is the same however it is written. */
  private static Option texts(String expected) {
    return new Option(
        "",
        expected,
        value -> {
          List<ConfigValue> names = value instanceof ConfigList list ? list : List.of();
          List<String> texts =
              names.stream()
                  .filter(name -> !(name instanceof ConfigList || name instanceof ConfigObject))
                  .filter(name -> name.valueType() != ConfigValueType.NULL)
                  .map(PrepareSteps::className)
                  .toList();
          return texts.size() < names.size() || texts.stream().distinct().count() < 2
              ? Optional.empty()
              : Optional.of(texts.stream().distinct().sorted().toList());
        },
        Optional.empty());
  }

  private static String className(ConfigValue value) {
    return value.valueType() == ConfigValueType.NUMBER
        ? ValueReader.number(value)
            .map(BigDecimal::toPlainString)
            .orElseGet(() -> value.unwrapped().toString())
        : value.unwrapped().toString();
  }

  private static Optional<Integer> whole(ConfigValue value) {
    return ValueReader.number(value)
        .filter(number -> number.scale() <= 0 && number.signum() > 0 && number.compareTo(MOST) <= 0)
        .map(BigDecimal::intValueExact);
  }
}
