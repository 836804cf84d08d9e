package org.trawl.driver.sweep;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.trawl.driver.sweep.Keep.Checkpoints;
import org.trawl.driver.sweep.Objective.Direction;

/** Reads what a sweep file says beside its data, networks and trainings. */
final class TopReader {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._+-]*");
  private static final int LONGEST_NAME = 100;
  private static final String NAMES =
      "at most " + LONGEST_NAME + " letters, digits, spaces and ._+-, a letter or digit first";

  private final SweepFile file;
  private final SectionReader sections;
  private final Problems problems;
  private final String defaultName;

  /**
   * Of a file.
   *
   * @param defaultName of the sweep, where the file gives none
   */
  TopReader(SweepFile file, SectionReader sections, Problems problems, String defaultName) {
    this.file = file;
    this.sections = sections;
    this.problems = problems;
    this.defaultName = defaultName;
  }

  /** The name of the sweep, and of its run's folder. */
  String name(ConfigValue value) {
    if (SectionReader.absent(value)) {
      if (!isName(defaultName)) {
        problems.add(
            file.start(),
            "name",
            NAMES,
            "the file's name %s (name = … gives another)".formatted(shortened(defaultName)));
      }
      return defaultName;
    }
    String name = value.unwrapped().toString();
    if (!SectionReader.isText(value) || !isName(name)) {
      problems.add(
          file.place(value),
          "name",
          NAMES,
          SectionReader.isText(value) && NAME.matcher(name).matches()
              ? shortened(name)
              : ValueReader.shown(value));
    }
    return name;
  }

  /** Whether it can be the name of a run's folder. */
  private static boolean isName(String name) {
    return NAME.matcher(name).matches()
        && name.codePointCount(0, name.length()) <= LONGEST_NAME
        && name.getBytes(StandardCharsets.UTF_8).length <= Addresses.LONGEST_NAME;
  }

  /** The beginning of a long name, and how long it is. */
  private static String shortened(String name) {
    int letters = name.codePointCount(0, name.length());
    return letters <= LONGEST_NAME / 2
        ? name
        : String.format(
            Locale.ROOT,
            "%s…, %d letters",
            name.substring(0, name.offsetByCodePoints(0, 20)),
            letters);
  }

  /** Empty where none is given. */
  Optional<Objective> objective(ConfigValue value) {
    if (SectionReader.absent(value)) {
      return Optional.empty();
    }
    ConfigObject objective = sections.object("objective", value);
    sections.requireKnown(objective, "objective.", List.of("metric", "direction"));
    Optional<String> metric =
        sections.choice("objective.metric", objective.get("metric"), Objective.metrics());
    List<String> directions =
        Arrays.stream(Direction.values()).map(d -> d.name().toLowerCase(Locale.ROOT)).toList();
    Optional<String> direction =
        sections.choice("objective.direction", objective.get("direction"), directions);
    if (SectionReader.absent(objective.get("metric")) && value instanceof ConfigObject) {
      problems.add(
          file.place(value),
          "objective.metric",
          "one of " + String.join(", ", Objective.metrics()),
          "none");
    }
    return metric.map(
        word ->
            direction
                .map(d -> new Objective(word, Direction.valueOf(d.toUpperCase(Locale.ROOT))))
                .orElse(Objective.of(word)));
  }

  /** What is kept of trials. */
  Keep keep(ConfigValue value) {
    if (SectionReader.absent(value)) {
      return Keep.DEFAULT;
    }
    ConfigObject keep = sections.object("keep", value);
    sections.requireKnown(keep, "keep.", List.of("models", "checkpoints", "every"));
    return new Keep(
        models(keep.get("models")),
        sections
            .choice("keep.checkpoints", keep.get("checkpoints"), List.of("last", "none"))
            .map(word -> Checkpoints.valueOf(word.toUpperCase(Locale.ROOT)))
            .orElse(Keep.DEFAULT.checkpoints()),
        (int) sections.whole("keep.every", keep.get("every"), 0, 0, Integer.MAX_VALUE));
  }

  private int models(ConfigValue value) {
    if (SectionReader.absent(value) || file.placeholder(value)) {
      return Keep.DEFAULT.models();
    }
    return switch (String.valueOf(value.unwrapped())) {
      case "best" -> 1;
      case "all" -> Keep.ALL;
      case "none" -> 0;
      default -> {
        Optional<Integer> count =
            ValueReader.number(value)
                .filter(number -> number.scale() <= 0 && number.signum() >= 0)
                .filter(number -> number.compareTo(BigDecimal.valueOf(Keep.ALL)) < 0)
                .map(BigDecimal::intValueExact);
        if (count.isEmpty()) {
          problems.add(
              file.place(value),
              "keep.models",
              "best, all, none or a whole number of trials",
              ValueReader.shown(value));
        }
        yield count.orElse(Keep.DEFAULT.models());
      }
    };
  }
}
