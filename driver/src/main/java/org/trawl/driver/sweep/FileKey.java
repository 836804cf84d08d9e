package org.trawl.driver.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A key of a sweep file that is not one of its trials', so that it cannot be swept: of the sweep as
 * a whole, and of what its run keeps.
 *
 * @param path as written in a sweep file, such as keep.models
 * @param type the values that it takes, in words
 * @param defaultText what it is where the file does not say
 * @param meaning one sentence
 */
public record FileKey(String path, String type, String defaultText, String meaning) {
  private static final List<FileKey> ALL =
      List.of(
          new FileKey(
              "name",
              "text of letters, digits, blanks and ._+-",
              "the file's name",
              "of the sweep, and of the folder of its results"),
          new FileKey("seed", "whole number", "1", "the only source of randomness"),
          new FileKey(
              "repeats",
              "whole number of at least 1",
              "1",
              "trainings of each point, each with a seed of its own"),
          new FileKey(
              "objective.metric",
              String.join(" | ", Objective.metrics()),
              "validation_accuracy, else test_accuracy, else train_loss",
              "what decides which trials and which of their epochs are the best; macro_f1 is of the"
                  + " validation part, else of the test part; the default is chosen for each data set"),
          new FileKey(
              "objective.direction",
              Arrays.stream(Objective.Direction.values())
                  .map(direction -> direction.name().toLowerCase(Locale.ROOT))
                  .collect(Collectors.joining(" | ")),
              "the metric's own",
              "whether a smaller or a larger value of the metric is better"),
          new FileKey(
              "sweep.where",
              "text",
              "none: all points",
              "a predicate of Spark SQL over the columns of keys; the points are trained for which"
                  + " it holds"),
          new FileKey(
              "sweep.variants",
              "list of objects",
              "none",
              "grids that are added up: each has keys of its own, axes in its sweep { }, a name"),
          new FileKey(
              "keep.models",
              "best | all | none | whole number of trials",
              Keep.DEFAULT.modelsText(),
              "the trained weights of how many trials of each data set, the best ones, are kept in"
                  + " models/"),
          new FileKey(
              "keep.checkpoints",
              "last | none",
              Keep.DEFAULT.checkpoints().name().toLowerCase(Locale.ROOT),
              "whether a finished trial keeps its last checkpoint, from which more epochs go on"),
          new FileKey(
              "keep.every",
              "whole number of at least 0",
              String.valueOf(Keep.DEFAULT.every()),
              "epochs between two checkpoints; 0 for as many as are estimated to take half a"
                  + " minute"));

  /** All of them, in the order of sweep files. */
  public static List<FileKey> all() {
    return ALL;
  }
}
