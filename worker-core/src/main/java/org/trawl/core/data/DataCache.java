package org.trawl.core.data;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.trawl.core.data.preparation.PcaFit;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.preparation.PreparedSamples;
import org.trawl.core.data.preparation.PreparedSamples.Stage;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.split.DataSpec;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.kernel.RandomStream;

/**
 * The data sets, splits and preparations of a JVM: each is made once, however many trials ask for
 * it and however many at the same time; those who come while it is made wait for it.
 *
 * <p>A data set is kept by its {@link SourceSpec} and the versions of its files ({@link
 * Storage#version}), and read again when a file has changed. Something that fails is not kept:
 * whoever asks next tries again.
 *
 * <p>Everything is held softly: what no trial uses goes before the JVM runs out of memory, and
 * comes back when it is asked for. Of splits, the last {@value #SPLITS} used are kept at most; of
 * samples that a preparation has made of others (by pca, say), the last {@value #DERIVED}.
 */
public final class DataCache {
  private static final int SPLITS = 32;
  private static final int DERIVED = 32;
  private static final int BASES = 8;
  private static final DataCache SHARED = new DataCache();

  private final Map<SourceSpec, SourceEntry> sources = new ConcurrentHashMap<>();

  private final Map<SplitKey, Entry<TrainingData>> splits = new LastUsed<>(SPLITS);
  private final Map<DerivedKey, Entry<PreparedSamples>> derived = new LastUsed<>(DERIVED);

  private final Map<DerivedKey, Entry<PcaFit.Basis>> bases = new LastUsed<>(BASES);

  DataCache() {}

  /** The cache of this JVM. */
  public static DataCache shared() {
    return SHARED;
  }

  /**
   * A source in memory.
   *
   * @throws DataException if a file cannot be read or is not what it should be
   */
  public Dataset load(SourceSpec source, Storage storage) {
    return sources.computeIfAbsent(source, key -> new SourceEntry()).dataset(source, storage);
  }

  /**
   * Takes a data set that was read elsewhere, unless it is here: of a source that this JVM cannot
   * read itself.
   *
   * @param dataset asked for if it is not here
   */
  public void offer(SourceSpec source, Storage storage, Supplier<Dataset> dataset) {
    sources.computeIfAbsent(source, key -> new SourceEntry()).offer(source, storage, dataset);
  }

  /**
   * The SHA-256, in hexadecimal digits, of everything in a source that a training can depend on; it
   * does not depend on where the files lie, nor on their compression. Reads the source unless that
   * was done since its files changed.
   *
   * @throws DataException if a file cannot be read or is not what it should be
   */
  public String fingerprint(SourceSpec source, Storage storage) {
    return sources.computeIfAbsent(source, key -> new SourceEntry()).fingerprint(source, storage);
  }

  /**
   * What one trial trains and evaluates on: {@link TrainingData#of} the loaded source.
   *
   * @param split decides the split, taken from its start and left as it is; the folds of one
   *     cross-validation need one key
   * @param fold from 1 to {@code spec.folds()}; 0 where it has no folds
   * @throws DataException if the source cannot be read, a part would be empty, or a step of the
   *     preparation cannot be applied
   */
  public TrainingData trainingData(DataSpec spec, RandomStream split, int fold, Storage storage) {
    SourceEntry source = sources.computeIfAbsent(spec.source(), key -> new SourceEntry());
    long reading = source.reading(spec.source(), storage);
    SplitKey key = new SplitKey(spec, split.key0(), split.key1(), fold);
    return entry(splits, key)
        .get(
            reading,
            () ->
                TrainingData.of(
                    load(spec.source(), storage),
                    spec,
                    split,
                    fold,
                    (dataset, stages, train) -> derive(dataset, reading, key, stages, train)));
  }

  /**
   * The samples after some stages of a preparation, each stage made once: for all trials of the
   * source if nothing up to it is fitted, else for those that train on the same rows.
   */
  private PreparedSamples derive(
      Dataset dataset, long reading, SplitKey split, List<Stage> stages, int[] train) {
    if (stages.isEmpty()) {
      return PreparedSamples.of(dataset);
    }
    boolean fitted = stages.stream().anyMatch(Stage::fitted);
    DerivedKey key =
        new DerivedKey(
            split.spec().source(), stages, fitted ? Optional.of(split.rows()) : Optional.empty());
    int last = stages.size() - 1;
    return entry(derived, key)
        .get(
            reading,
            () ->
                derive(dataset, reading, split, List.copyOf(stages.subList(0, last)), train)
                    .after(stages.get(last), train, fit -> basis(key).get(reading, fit)));
  }

  /** All components of a pca, which those that take a number of them share. */
  private Entry<PcaFit.Basis> basis(DerivedKey of) {
    int last = of.stages().size() - 1;
    List<Stage> stages = new ArrayList<>(of.stages());
    stages.set(last, new Stage(stages.get(last).before(), new PrepareStep.Pca(1)));
    return entry(bases, new DerivedKey(of.source(), List.copyOf(stages), of.fittedTo()));
  }

  private static <K, V> Entry<V> entry(Map<K, Entry<V>> entries, K key) {
    synchronized (entries) {
      return entries.computeIfAbsent(key, absent -> new Entry<>());
    }
  }

  private record SplitKey(DataSpec spec, int key0, int key1, int fold) {
    /** Of all preparations that are fitted to the same rows. */
    SplitKey rows() {
      List<PrepareStep> ofRows =
          spec.prepare().stream().filter(PrepareStep.OfRows.class::isInstance).toList();
      return new SplitKey(spec.with(ofRows), key0, key1, fold);
    }
  }

  /**
   * What samples were made of.
   *
   * @param fittedTo empty where no step is fitted
   */
  private record DerivedKey(SourceSpec source, List<Stage> stages, Optional<SplitKey> fittedTo) {}

  /** The last used entries, up to a number of them. */
  private static final class LastUsed<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int most;

    LastUsed(int most) {
      super(most, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > most;
    }
  }

  /** A source, its versions when it was read, and its data set as long as memory lasts. */
  private static final class SourceEntry {
    private List<String> versions = List.of();
    private SoftReference<Dataset> dataset = new SoftReference<>(null);
    private String fingerprint = "";
    private long reading;

    /** A number that changes when the files do; reads them unless that was done. */
    synchronized long reading(SourceSpec source, Storage storage) {
      if (!versions(source, storage).equals(versions)) {
        dataset(source, storage);
      }
      return reading;
    }

    synchronized Dataset dataset(SourceSpec source, Storage storage) {
      List<String> now = versions(source, storage);
      Dataset kept = dataset.get();
      if (kept != null && now.equals(versions)) {
        return kept;
      }
      Dataset read = SourceReader.read(source, storage);
      if (!now.equals(versions)) {
        fingerprint = "";
        versions = now;
        reading++;
      }
      dataset = new SoftReference<>(read);
      return read;
    }

    synchronized void offer(SourceSpec source, Storage storage, Supplier<Dataset> offered) {
      if (dataset.get() == null) {
        versions = versions(source, storage);
        dataset = new SoftReference<>(offered.get());
        fingerprint = "";
        reading++;
      }
    }

    synchronized String fingerprint(SourceSpec source, Storage storage) {
      if (fingerprint.isEmpty() || !versions(source, storage).equals(versions)) {
        fingerprint = Fingerprint.of(dataset(source, storage));
      }
      return fingerprint;
    }

    private static List<String> versions(SourceSpec source, Storage storage) {
      List<String> versions = new ArrayList<>();
      for (String address : source.addresses()) {
        versions.add(SourceFile.version(source, address, storage));
      }
      return versions;
    }
  }

  /** What was made of a reading of a source, as long as memory lasts. */
  private static final class Entry<V> {
    private SoftReference<V> made = new SoftReference<>(null);
    private long reading;

    synchronized V get(long now, Supplier<V> make) {
      V kept = made.get();
      if (kept != null && now == reading) {
        return kept;
      }
      V next = make.get();
      made = new SoftReference<>(next);
      reading = now;
      return next;
    }
  }
}
