package org.trawl.driver.sweep;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What key may have been meant where one stands that does not exist. */
final class UnknownKey {
  /** What other programs call keys. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("lr", "training.learning-rate"),
          Map.entry("eta", "training.learning-rate"),
          Map.entry("alpha", "training.learning-rate"),
          Map.entry("weight-decay", "training.l2"),
          Map.entry("iterations", "training.epochs"),
          Map.entry("max-iter", "training.epochs"),
          Map.entry("solver", "training.optimizer"),
          Map.entry("criterion", "training.loss"),
          Map.entry("patience", "training.early-stopping.patience"),
          Map.entry("scheduler", "training.schedule"),
          Map.entry("layers", "network.hidden"),
          Map.entry("hidden-layers", "network.hidden"),
          Map.entry("hidden-layer-sizes", "network.hidden"),
          Map.entry("hidden-size", "network.hidden"),
          Map.entry("hidden-units", "network.hidden"),
          Map.entry("units", "network.hidden"),
          Map.entry("dropout-rate", "network.dropout"),
          Map.entry("dataset", "data.source"),
          Map.entry("standardize", "data.prepare"),
          Map.entry("normalize", "data.prepare"),
          Map.entry("cv", "data.folds"),
          Map.entry("n-splits", "data.folds"),
          Map.entry("trials", "repeats"),
          Map.entry("random-state", "seed"));

  private static final int MOST_KEYS = 8;

  private UnknownKey() {}

  /**
   * " (did you mean X?)": the key of this name elsewhere, else the nearest here, else what other
   * programs call so; empty where there is none.
   *
   * @param path of the unknown key
   * @param known the keys that can stand there
   */
  static String suggestion(String path, Collection<String> known) {
    String name = path.substring(path.lastIndexOf('.') + 1);
    String plain = name.replace('_', '-');
    Optional<String> elsewhere = known.contains(name) ? Optional.empty() : elsewhere(plain, path);
    Optional<String> near = Nearest.find(name, known);
    Optional<String> meant =
        elsewhere.or(() -> near).or(() -> Optional.ofNullable(ELSEWHERE.get(plain)));
    return meant.map(key -> " (did you mean %s?)".formatted(key)).orElse("");
  }

  /** The path of a key or group that ends in a name. */
  private static Optional<String> elsewhere(String name, String path) {
    boolean ofTop = path.indexOf('.') < 0;
    Optional<String> key = Keys.find(name).map(Key::path);
    Stream<String> groups =
        Stream.of("data", "network", "training")
            .map(section -> section + "." + name)
            .filter(UnknownKey::isGroup);
    Stream<String> ofFile =
        FileKey.all().stream().map(FileKey::path).filter(other -> other.endsWith("." + name));
    Stream<String> ofSource =
        path.startsWith("data.") && SourceReader.KEYS.contains(name)
            ? Stream.of("data.source." + name)
            : Stream.empty();
    return Stream.of(ofTop ? ofFile : key.stream(), ofTop ? key.stream() : ofFile, groups, ofSource)
        .flatMap(found -> found)
        .findFirst();
  }

  private static boolean isGroup(String path) {
    return Keys.all().stream().anyMatch(key -> key.path().startsWith(path + "."));
  }

  /**
   * " (cure: training.schedule.kind = step)": the key below a group that takes a value which stands
   * for the group itself; else some of its keys.
   */
  static String below(String group, Object found) {
    String plain = group.startsWith("sweep.") ? group.substring("sweep.".length()) : group;
    if (plain.equals("objective")) {
      return " (cure: objective.metric = %s)".formatted(found);
    }
    List<Key> keys = Keys.all().stream().filter(key -> key.path().startsWith(plain + ".")).toList();
    return keys.stream()
        .filter(key -> key.choices().contains(String.valueOf(found)))
        .filter(key -> key.type() == KeyType.TEXT)
        .findFirst()
        .map(key -> " (cure: %s = %s)".formatted(key.path(), found))
        .orElse(
            keys.isEmpty() || keys.size() > MOST_KEYS
                ? ""
                : " (its keys: %s)"
                    .formatted(
                        String.join(
                            ", ",
                            keys.stream()
                                .map(key -> key.path().substring(plain.length() + 1))
                                .toList())));
  }
}
