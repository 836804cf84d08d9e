package org.trawl.core.data;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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
 * comes back when it is asked for. Of splits, the last {@value #SPLITS} used are kept at most.
 */
public final class DataCache {
  private static final int SPLITS = 32;
  private static final DataCache SHARED = new DataCache();

  private final Map<SourceSpec, SourceEntry> sources = new ConcurrentHashMap<>();

  private final Map<SplitKey, SplitEntry> splits =
      new LinkedHashMap<>(SPLITS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SplitKey, SplitEntry> eldest) {
          return size() > SPLITS;
        }
      };

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
    Dataset dataset = load(spec.source(), storage);
    SplitKey key = new SplitKey(spec, split.key0(), split.key1(), fold);
    SplitEntry entry;
    synchronized (splits) {
      entry = splits.computeIfAbsent(key, absent -> new SplitEntry());
    }
    return entry.trainingData(dataset, spec, split, fold);
  }

  private record SplitKey(DataSpec spec, int key0, int key1, int fold) {}

  /** A source, its versions when it was read, and its data set as long as memory lasts. */
  private static final class SourceEntry {
    private List<String> versions = List.of();
    private SoftReference<Dataset> dataset = new SoftReference<>(null);
    private String fingerprint = "";

    synchronized Dataset dataset(SourceSpec source, Storage storage) {
      List<String> now = versions(source, storage);
      Dataset kept = dataset.get();
      if (kept != null && now.equals(versions)) {
        return kept;
      }
      Dataset read = SourceReader.read(source, storage);
      fingerprint = "";
      versions = now;
      dataset = new SoftReference<>(read);
      return read;
    }

    synchronized void offer(SourceSpec source, Storage storage, Supplier<Dataset> offered) {
      if (dataset.get() == null) {
        versions = versions(source, storage);
        dataset = new SoftReference<>(offered.get());
        fingerprint = "";
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
      for (String address : SourceReader.addresses(source)) {
        versions.add(SourceFile.version(source, address, storage));
      }
      return versions;
    }
  }

  /** A split of a data set with its preparation, as long as memory lasts. */
  private static final class SplitEntry {
    private SoftReference<TrainingData> data = new SoftReference<>(null);
    private SoftReference<Dataset> source = new SoftReference<>(null);

    synchronized TrainingData trainingData(
        Dataset dataset, DataSpec spec, RandomStream split, int fold) {
      TrainingData kept = data.get();
      if (kept != null && source.get() == dataset) {
        return kept;
      }
      TrainingData made = TrainingData.of(dataset, spec, split, fold);
      data = new SoftReference<>(made);
      source = new SoftReference<>(dataset);
      return made;
    }
  }
}
