package org.trawl.driver.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What may have been meant by a {@code --set key=value} that is none. */
final class Settings {
  private Settings() {}

  /** What is wrong with a setting, if it can be told before it is parsed. */
  static Optional<String> problem(String setting) {
    if (setting.strip().startsWith("include")) {
      return Optional.of("expected key=value, found an include (cure: write it into a sweep file)");
    }
    int equals = setting.indexOf('=');
    if (equals < 0) {
      String other = setting.replaceFirst("\\s*[: ]\\s*", "=").strip();
      boolean key = other.indexOf('=') > 0 && !other.endsWith("=");
      return Optional.of(
          "expected key=value, found "
              + setting
              + (key ? " (cure: --set %s)".formatted(other) : ""));
    }
    String key = setting.substring(0, equals).strip();
    String value = setting.substring(equals + 1).strip();
    if (key.isEmpty()) {
      return Optional.of("expected a key before =, found none");
    } else if (key.startsWith("-")) {
      String plain = setting.replaceFirst("^[\\s-]+", "");
      return Optional.of("expected a key, found %s (cure: --set %s)".formatted(key, plain));
    } else if (value.isEmpty() && !key.matches(".*[{:].*")) {
      return Optional.of("%s: expected a value after =, found none".formatted(key));
    }
    List<String> pieces = pieces(value);
    boolean several =
        pieces.size() > 1
            && pieces.stream().skip(1).noneMatch(piece -> piece.matches(".*[=:{].*"))
            && key.matches("[\\w.-]+");
    return several ? Optional.of(list(key, pieces)) : Optional.empty();
  }

  /** What is said of values in a row, without the brackets of a list. */
  private static String list(String key, List<String> pieces) {
    String list = "[" + String.join(", ", pieces) + "]";
    String plain = key.startsWith("sweep.") ? key.substring("sweep.".length()) : key;
    Optional<Key> known = Keys.find(plain);
    String path = known.map(Key::path).orElse("KEY");
    String cure = "--set 'sweep.%s=%s'".formatted(path, list);
    if (FileKey.all().stream().anyMatch(file -> file.path().equals(plain))) {
      return "%s: expected one value, found %s".formatted(key, pieces.size());
    }
    if (known.isEmpty()) {
      return "%s: expected a key of trawl keys and one value, found %s (cure: %s)"
          .formatted(key, pieces.size(), cure);
    }
    KeyType type = known.get().type();
    if (!plain.equals(key)) {
      return "%s: expected a list in [ ], found %s (cure: %s)"
          .formatted(key, String.join(",", pieces), cure);
    }
    boolean lists = type == KeyType.WIDTHS || type == KeyType.RATES || type == KeyType.STEPS;
    return lists
        ? "%s: expected a list in [ ], found %s (cure: --set '%s=%s'; or, to try each, %s)"
            .formatted(key, String.join(",", pieces), path, list, cure)
        : "%s: expected one value, found %s (cure, to try each: %s)"
            .formatted(key, pieces.size(), cure);
  }

  /** What commas outside of quotes and brackets separate. */
  private static List<String> pieces(String value) {
    List<String> pieces = new ArrayList<>();
    int depth = 0;
    int from = 0;
    boolean text = false;
    for (int i = 0; i < value.length(); i++) {
      char next = value.charAt(i);
      text = (next == '"') != text;
      depth += text ? 0 : "[{(".indexOf(next) >= 0 ? 1 : "]})".indexOf(next) >= 0 ? -1 : 0;
      if (next == ',' && !text && depth == 0) {
        pieces.add(value.substring(from, i).strip());
        from = i + 1;
      }
    }
    pieces.add(value.substring(from).strip());
    return pieces.stream().filter(piece -> !piece.isEmpty()).toList();
  }
}
