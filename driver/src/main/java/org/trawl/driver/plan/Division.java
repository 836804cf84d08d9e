package org.trawl.driver.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.trawl.core.data.DataCache;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.RandomStream;
import org.trawl.core.training.EarlyStopping;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Sweep;

/** Divides the data as points ask for, to see that it can be done and which parts result. */
final class Division {
  private final Sweep sweep;
  private final Storage storage;
  private final RandomStream split;
  private final Complaints complaints;
  private final Map<DataSpec, PreparedSize> sizes;
  private final Map<DataSpec, Optional<Parts>> divided = new HashMap<>();
  private final IdentityHashMap<Point, Parts> parts = new IdentityHashMap<>();

  /** The samples of the training part, without noisy copies, and which other parts there are. */
  private record Parts(int train, boolean validation, boolean test) {
    boolean have(EarlyStopping.Metric metric) {
      return (!metric.ofValidation() || validation) && (!metric.ofTest() || test);
    }
  }

  /**
   * Of a sweep's data.
   *
   * @param split decides how the first repeat divides
   * @param sizes of the prepared data, which learn how many features a pca leaves
   */
  Division(
      Sweep sweep,
      Storage storage,
      RandomStream split,
      Complaints complaints,
      Map<DataSpec, PreparedSize> sizes) {
    this.sweep = sweep;
    this.storage = storage;
    this.split = split;
    this.complaints = complaints;
    this.sizes = sizes;
  }

  /** Divides a point's data, and tells where that cannot be done or does not fit the point. */
  void divide(Point point, TrialSpec spec) {
    Optional<Parts> found = divided.computeIfAbsent(spec.data(), data -> parts(point, spec));
    found.ifPresent(
        own -> {
          parts.put(point, own);
          checkWatched(point, spec, own);
          checkNormalized(point, spec, own);
        });
  }

  private Optional<Parts> parts(Point point, TrialSpec spec) {
    try {
      TrainingData data =
          DataCache.shared()
              .trainingData(spec.data().withoutAugment(), split, spec.fold(), storage);
      sizes.computeIfPresent(spec.data(), (key, size) -> size.with(data.features()));
      return Optional.of(
          new Parts(data.train().length, data.validation().length > 0, data.test().length > 0));
    } catch (DataException refused) {
      complaints.add(
          point, point.placeOfData(refused.getMessage()), "data: " + refused.getMessage());
    } catch (IllegalArgumentException refused) {
      complaints.add(point, refused);
    }
    return Optional.empty();
  }

  /** Checks that the data has the part whose metric early stopping watches. */
  private void checkWatched(Point point, TrialSpec spec, Parts parts) {
    EarlyStopping stopping = spec.training().earlyStopping();
    if (stopping.enabled() && !parts.have(stopping.metric())) {
      Key named =
          point.given().containsKey(Keys.STOPPING_METRIC)
              ? Keys.STOPPING_METRIC
              : Keys.STOPPING_PATIENCE;
      complaints.add(
          point,
          point.place(named),
          "training.early-stopping.metric: expected a metric of a part that the data has, found %s (cure: one of %s)"
              .formatted(
                  stopping.metric().key(),
                  Arrays.stream(EarlyStopping.Metric.values())
                      .filter(parts::have)
                      .map(EarlyStopping.Metric::key)
                      .collect(Collectors.joining(", "))));
    }
  }

  /** Checks that there is a second sample wherever a batch is normalised. */
  private void checkNormalized(Point point, TrialSpec spec, Parts parts) {
    boolean normalizes = spec.network().batchNorm() && !spec.network().hidden().isEmpty();
    if (normalizes && parts.train() * (1L + spec.data().augment().copies()) == 1) {
      complaints.add(
          point,
          Keys.BATCH_NORM,
          "false with a training part of one sample, which has no variance");
    }
  }

  /** The sweep's objective, else for each point the default for the parts that its data has. */
  IdentityHashMap<Point, Objective> objectives(List<Point> points) {
    IdentityHashMap<Point, Objective> objectives = new IdentityHashMap<>();
    for (Point point : points) {
      Parts own = parts.getOrDefault(point, new Parts(0, true, true));
      Objective objective =
          sweep.objective().orElseGet(() -> Objective.byDefault(own.validation(), own.test()));
      objectives.put(point, objective);
      if (!objective.isOf(own.validation(), own.test())) {
        complaints.add(
            point,
            sweep.place(),
            "objective.metric: expected a metric of a part that the data has, found %s (cure: one of %s)"
                .formatted(
                    objective.metric(),
                    String.join(", ", Objective.metrics(own.validation(), own.test()))));
      }
    }
    return objectives;
  }
}
