package org.trawl.driver.results;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The models that a run keeps: files of {@code models/}, named by trial and epoch. Which ones there
 * should be follows from the journal; a training that is repeated gives a missing one again, bit
 * for bit.
 */
public final class Models {
  static final String FOLDER = "models";
  private static final Pattern NAME = Pattern.compile("([0-9a-z]+)-([0-9]+)\\.safetensors");

  private final FileStorage storage;

  Models(FileStorage storage) {
    this.storage = storage;
  }

  /**
   * What identifies a model.
   *
   * @param trial hash of the trial
   * @param epoch after which the weights are the model's, from 1
   */
  public record Id(String trial, int epoch) implements Comparable<Id> {
    private static final Comparator<Id> ORDER =
        Comparator.comparing(Id::trial).thenComparing(Id::epoch);

    @Override
    public int compareTo(Id other) {
      return ORDER.compare(this, other);
    }

    String path() {
      return String.format(Locale.ROOT, "%s/%s-%d.safetensors", FOLDER, trial, epoch);
    }
  }

  /** All that there are. */
  public Set<Id> list() {
    Set<Id> models = new TreeSet<>();
    storage.list(FOLDER).forEach(entry -> id(entry.name()).ifPresent(models::add));
    return models;
  }

  /** The model that a file of this name is; empty for none. */
  static Optional<Id> id(String file) {
    Matcher name = NAME.matcher(file);
    return name.matches()
        ? Optional.of(new Id(name.group(1), Integer.parseInt(name.group(2))))
        : Optional.empty();
  }

  /** The model of a trial; the one after most epochs of several. */
  public Optional<Id> of(String trial) {
    return list().stream().filter(id -> id.trial().equals(trial)).max(Comparator.naturalOrder());
  }

  /** Keeps a model; it appears whole. */
  public void keep(Id model, byte[] file) {
    storage.replace(model.path(), file);
  }

  /** The bytes of a model's file; empty where there is none. */
  public Optional<byte[]> read(Id model) {
    return storage.read(model.path());
  }

  /** Where a model's file is. */
  public String address(Id model) {
    return storage.address() + "/" + model.path();
  }

  /** Removes all models but these. */
  public void keepOnly(Collection<Id> wanted) {
    Set<Id> kept = new HashSet<>(wanted);
    list().stream().filter(id -> !kept.contains(id)).forEach(id -> storage.delete(id.path()));
  }

  /** Removes a model, if it is there. */
  public void remove(Id model) {
    storage.delete(model.path());
  }
}
