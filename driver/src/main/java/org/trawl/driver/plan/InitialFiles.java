package org.trawl.driver.plan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.network.InitialWeights;
import org.trawl.core.network.Layout;
import org.trawl.core.network.NetworkTensors;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.model.WeightFiles;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Problems;

/** The files that networks start from. */
final class InitialFiles {
  private final Storage storage;
  private final Problems problems;
  private final Complaints complaints;
  private final Map<String, WeightFiles.Loaded> files = new HashMap<>();

  InitialFiles(Storage storage, Problems problems, Complaints complaints) {
    this.storage = storage;
    this.problems = problems;
    this.complaints = complaints;
  }

  /** Reads the files that points name, and tells those that cannot be read. */
  void load(List<Point> points) {
    Set<String> tried = new HashSet<>();
    for (Point point : points) {
      String address = (String) point.values().get(Keys.INITIAL);
      if (!address.equals(Keys.NO_FILE) && tried.add(address)) {
        try {
          files.put(address, WeightFiles.read(address, storage));
        } catch (DataException wrong) {
          problems.add(point.place(Keys.INITIAL), Keys.INITIAL.path() + ": " + wrong.getMessage());
        }
      }
    }
  }

  /** What a point's network starts from. */
  InitialWeights of(Point point) {
    WeightFiles.Loaded file = files.get((String) point.values().get(Keys.INITIAL));
    return file == null ? InitialWeights.NONE : file.weights();
  }

  /** Checks that the weights to start from are the network's. */
  void check(Point point, TrialSpec spec, Dataset dataset) {
    WeightFiles.Loaded file = files.get((String) point.values().get(Keys.INITIAL));
    if (file == null) {
      return;
    }
    Layout layout;
    try {
      layout = Layout.of(spec.network(), dataset.features(), dataset.classes().size());
    } catch (IllegalArgumentException toldAlready) {
      return;
    }
    for (String problem : NetworkTensors.problems(file.tensors(), layout)) {
      complaints.add(
          point,
          point.place(Keys.INITIAL),
          "%s: %s: %s".formatted(Keys.INITIAL.path(), file.weights().address(), problem));
    }
  }
}
