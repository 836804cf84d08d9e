package org.trawl.core.data.split;

import java.util.Arrays;
import java.util.List;
import org.trawl.core.data.preparation.PrepareStep.OfRows;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.kernel.RandomStream;

/**
 * How many samples of each class the parts of a data set have; with folds, those of the first fold.
 *
 * @param classes their names, after those that the preparation leaves out
 * @param divided of each class, samples that are divided into parts: before the steps of the
 *     preparation leave some out or take some again, and without the source's own other parts
 * @param train of each class, samples to train on; one that is taken again counts again
 * @param validation of each class; none where there is no such part
 * @param test of each class; none where there is no such part
 */
public record ClassCounts(
    List<String> classes, int[] divided, int[] train, int[] validation, int[] test) {
  public ClassCounts {
    classes = List.copyOf(classes);
  }

  /**
   * Divides a data set and counts.
   *
   * @param stream decides the split, as in {@link TrainingData#of}
   * @throws DataException if a part would be empty, or a step cannot be applied
   */
  public static ClassCounts of(Dataset dataset, DataSpec spec, RandomStream stream) {
    Dataset chosen = ChosenClasses.of(dataset, spec);
    int fold = Math.min(1, spec.folds());
    Split split = Split.of(chosen, spec, stream, fold);
    boolean whole = spec.prepare().stream().noneMatch(OfRows.class::isInstance);
    Split before = whole ? split : Split.of(chosen, spec.with(List.of()), stream, fold);
    boolean ownTest = spec.test().size() == 0 && !spec.pooled();
    boolean ownValidation = spec.folds() == 0 && !spec.pooled() && dataset.validationRows() > 0;
    int[] divided = new int[chosen.classes().size()];
    count(chosen, before.train(), divided);
    count(chosen, ownValidation ? new int[0] : before.validation(), divided);
    count(chosen, ownTest ? new int[0] : before.test(), divided);
    return new ClassCounts(
        chosen.classes(),
        divided,
        count(chosen, split.train(), new int[divided.length]),
        count(chosen, split.validation(), new int[divided.length]),
        count(chosen, split.test(), new int[divided.length]));
  }

  /** Adds to the counts, and gives them. */
  private static int[] count(Dataset dataset, int[] rows, int[] counts) {
    Arrays.stream(rows).forEach(row -> counts[dataset.labels()[row]]++);
    return counts;
  }
}
