package org.trawl.driver.spark;

import java.io.Serializable;
import java.util.Optional;
import org.trawl.core.training.TrainingState;
import org.trawl.driver.results.Attempt;
import org.trawl.driver.results.Journal.Force;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Segment;
import org.trawl.driver.results.SegmentName;

/** Where an executor keeps what it has trained. */
interface Keeper extends Serializable {
  /** Whether a segment is kept. */
  boolean holds(SegmentName name);

  /** What a training had become after a segment; empty where that is not kept. */
  Optional<TrainingState> state(String segment);

  /** Keeps what a training has become; what the segment that ends there calls it. */
  String keep(String lineage, TrainingState state, Force force);

  /** Keeps a segment; whether it is this one that is kept, and no earlier one of its name. */
  boolean keep(Segment segment);

  /** Drops what a training had become after an epoch, as a later segment is kept. */
  void drop(String lineage, int epoch);

  /** Keeps an attempt that ended without a segment; what was kept. */
  Attempt keep(Attempt attempt);

  /** Which models are kept; empty for none. */
  Optional<ModelKeeping> models();

  /** In a run's folder. */
  static Keeper in(RunFolder folder, ModelKeeping models) {
    return new InFolder(folder.absolute(), models);
  }

  /** The models alone, of trials that are finished. */
  static Keeper ofModels(ModelKeeping models) {
    return new OfModels(models);
  }

  /** Nowhere: it is for who has asked alone. */
  static Keeper none() {
    return Nowhere.INSTANCE;
  }

  /** {@link #in}. */
  record InFolder(RunFolder folder, ModelKeeping keeping) implements Keeper {
    @Override
    public boolean holds(SegmentName name) {
      return folder.journal().holds(name);
    }

    @Override
    public Optional<TrainingState> state(String segment) {
      return folder.journal().state(segment);
    }

    @Override
    public String keep(String lineage, TrainingState state, Force force) {
      long begun = System.nanoTime();
      String name = folder.journal().publish(lineage, state, force);
      Tally.HERE.checkpoint(System.nanoTime() - begun);
      return name;
    }

    @Override
    public boolean keep(Segment segment) {
      long begun = System.nanoTime();
      boolean first = folder.journal().publish(segment);
      Tally.HERE.segment(System.nanoTime() - begun);
      return first;
    }

    @Override
    public void drop(String lineage, int epoch) {
      folder.journal().dropCheckpoint(lineage, epoch);
    }

    @Override
    public Attempt keep(Attempt attempt) {
      return folder.journal().record(attempt);
    }

    @Override
    public Optional<ModelKeeping> models() {
      return Optional.of(keeping);
    }
  }

  /** Keeps nothing that an executor has trained, but what else it is asked for. */
  interface OfNothing extends Keeper {
    @Override
    default boolean holds(SegmentName name) {
      return false;
    }

    @Override
    default Optional<TrainingState> state(String segment) {
      return Optional.empty();
    }

    @Override
    default String keep(String lineage, TrainingState state, Force force) {
      return "";
    }

    @Override
    default boolean keep(Segment segment) {
      return true;
    }

    @Override
    default void drop(String lineage, int epoch) {}

    @Override
    default Attempt keep(Attempt attempt) {
      return attempt;
    }
  }

  /** {@link #ofModels}. */
  record OfModels(ModelKeeping keeping) implements OfNothing {
    @Override
    public Optional<ModelKeeping> models() {
      return Optional.of(keeping);
    }
  }

  /** {@link #none}. */
  enum Nowhere implements OfNothing {
    INSTANCE;

    @Override
    public Optional<ModelKeeping> models() {
      return Optional.empty();
    }
  }
}
