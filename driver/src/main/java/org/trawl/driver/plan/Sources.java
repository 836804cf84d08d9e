package org.trawl.driver.plan;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.storage.Storage;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Problems;

/** The data that points name, in memory. */
final class Sources {
  private final Catalogue catalogue;
  private final Storage storage;
  private final Problems problems;
  private final Map<Object, Loaded> loaded = new LinkedHashMap<>();

  /** A source in memory, with the hash of its content. */
  private record Loaded(Dataset dataset, String fingerprint) {}

  Sources(Catalogue catalogue, Storage storage, Problems problems) {
    this.catalogue = catalogue;
    this.storage = storage;
    this.problems = problems;
  }

  /** Loads the sources of points, and tells those that cannot be. */
  void load(List<Point> points) {
    Map<String, Loaded> byName = new HashMap<>();
    Map<Object, Point> first = new LinkedHashMap<>();
    points.forEach(point -> first.putIfAbsent(point.values().get(Keys.SOURCE), point));
    first.forEach(
        (value, point) -> {
          try {
            SourceSpec source = catalogue.source(value);
            Dataset dataset = DataCache.shared().load(source, storage);
            String fingerprint = DataCache.shared().fingerprint(source, storage);
            Loaded before = byName.putIfAbsent(source.name(), new Loaded(dataset, fingerprint));
            if (before != null && !before.fingerprint().equals(fingerprint)) {
              problems.add(
                  point.place(Keys.SOURCE),
                  Keys.SOURCE.path(),
                  "a name of its own for each data set (cure: give it a name in its { })",
                  "two called " + source.name());
            }
            loaded.put(value, new Loaded(dataset, fingerprint));
          } catch (DataException wrong) {
            problems.add(point.place(Keys.SOURCE), Keys.SOURCE.path() + ": " + wrong.getMessage());
          }
        });
  }

  /** The different ones, in the order of the points. */
  List<Dataset> all() {
    return loaded.values().stream().map(Loaded::dataset).distinct().toList();
  }

  /** A point's. */
  Dataset dataset(Point point) {
    return loaded.get(point.values().get(Keys.SOURCE)).dataset();
  }

  /** The hash of the content of a point's. */
  String fingerprint(Point point) {
    return loaded.get(point.values().get(Keys.SOURCE)).fingerprint();
  }
}
