package org.trawl.core.data.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Shown;

/** Leaves classes out of a data set; its samples stay where they are. */
final class ChosenClasses {
  private ChosenClasses() {}

  /**
   * The data set with the classes that a preparation keeps, in their order in the data set, and
   * with -1 as label of the rows of others.
   *
   * @throws DataException if it has no class of a name, or fewer than two would be left
   */
  static Dataset of(Dataset dataset, DataSpec spec) {
    Dataset chosen = dataset;
    for (PrepareStep step : spec.prepare()) {
      if (step instanceof PrepareStep.Classes classes) {
        chosen = keep(chosen, classes.names());
      }
    }
    return chosen;
  }

  private static Dataset keep(Dataset dataset, List<String> names) {
    boolean[] kept = new boolean[dataset.classes().size()];
    for (String name : names) {
      kept[index(dataset, name)] = true;
    }
    int[] newClass = new int[kept.length];
    List<String> classes = new ArrayList<>();
    for (int i = 0; i < kept.length; i++) {
      newClass[i] = kept[i] ? classes.size() : -1;
      if (kept[i]) {
        classes.add(dataset.classes().get(i));
      }
    }
    if (classes.size() < 2) {
      throw new DataException(
          "Cannot apply classes to %s: expected at least 2 classes, found %s"
              .formatted(dataset.name(), classes));
    }
    int[] labels =
        Arrays.stream(dataset.labels()).map(label -> label < 0 ? label : newClass[label]).toArray();
    return new Dataset(
        dataset.name(),
        dataset.samples(),
        labels,
        classes,
        dataset.trainRows(),
        dataset.validationRows(),
        dataset.fullScale(),
        dataset.shape(),
        dataset.columns());
  }

  /** The class of a name: the same text, else the same label. */
  private static int index(Dataset dataset, String name) {
    List<String> classes = dataset.classes();
    int same = classes.indexOf(name);
    if (same >= 0) {
      return same;
    }
    for (int i = 0; i < classes.size(); i++) {
      if (dataset.columns().labels().same(name, classes.get(i))) {
        return i;
      }
    }
    throw new DataException(
        "Cannot apply classes to %s: expected some of %s, found \"%s\""
            .formatted(dataset.name(), Shown.first(20, classes), name));
  }
}
