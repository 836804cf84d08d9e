package org.trawl.driver.results;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.sweep.Addresses;
import org.trawl.driver.sweep.InputException;
import org.trawl.driver.sweep.Objective;

/**
 * A run's folder at an address: a local path, or whatever Hadoop knows (hdfs:, s3a:). Serialisable:
 * executors open it for themselves.
 */
public final class RunFolder implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The resolved sweep file. */
  public static final String SWEEP = "sweep.conf";

  private static final String TABLES = "tables";

  /** What was written aside is published at once; after so long nobody is left to do that. */
  private static final int LEFT_ASIDE_HOURS = 24;

  /** The one file of a table; a rename puts the new one in the place of the old. */
  private static final String PART = "part-00000.parquet";

  /** What every storage of this JVM is wrapped in: tests put one there that fails. */
  static volatile UnaryOperator<FileStorage> wrapper = UnaryOperator.identity();

  private final String address;
  private transient FileStorage storage;

  private RunFolder(String address) {
    this.address = address;
  }

  /** The folder at an address, which need not exist. */
  public static RunFolder at(String address) {
    Addresses.problem(address)
        .ifPresent(
            problem -> {
              throw new InputException("Cannot use the folder %s: %s".formatted(address, problem));
            });
    return new RunFolder(
        Addresses.isLocal(address) ? Path.of(Addresses.localPath(address)).toString() : address);
  }

  /** Where the folder is. */
  public String address() {
    return address;
  }

  /** The same folder for processes that were started elsewhere. */
  public RunFolder absolute() {
    return local() ? new RunFolder(Path.of(address).toAbsolutePath().toString()) : this;
  }

  /** The last part of the address. */
  public String name() {
    return address.replaceAll("/+$", "").replaceAll(".*/", "");
  }

  /** Whether the folder is on this machine. */
  public boolean local() {
    return !Addresses.hasScheme(address);
  }

  /** Whether a run has begun here. */
  public boolean holdsRun() {
    return storage().exists(Provenance.FILE);
  }

  boolean holdsResults() {
    return storage().exists(path(Table.TRIALS));
  }

  /** What the run was made with; empty if none has begun. */
  public Optional<Provenance> provenance() {
    return text(Provenance.FILE).map(text -> Provenance.parse(text, address));
  }

  /** Adds a session to what the run was made with. */
  public void began(String sweep, Objective objective, Provenance.Session session) {
    List<Provenance.Session> sessions =
        new ArrayList<>(provenance().map(Provenance::sessions).orElse(List.of()));
    sessions.add(session);
    replace(Provenance.FILE, new Provenance(sweep, objective, sessions).text());
  }

  /** Changes the objective that the run's tables are made for. */
  public void judgedBy(Objective objective) {
    provenance()
        .filter(there -> !there.objective().equals(objective))
        .ifPresent(
            there ->
                replace(
                    Provenance.FILE,
                    new Provenance(there.sweep(), objective, there.sessions()).text()));
  }

  /**
   * Makes sure that the folder is free for a sweep: empty, or with a run of the same name.
   *
   * @throws InputException if it is a file, or holds the run of another sweep
   */
  public void requireFreeFor(String sweep) {
    storage()
        .inTheWay()
        .ifPresent(
            file -> {
              throw new InputException(
                  "Cannot use %s: expected a folder, or none yet, found the file %s. Give another folder with --out"
                      .formatted(address, file));
            });
    provenance()
        .filter(there -> !there.sweep().equals(sweep))
        .ifPresent(
            there -> {
              throw new InputException(
                  "Cannot use %s: expected the run of sweep %s, found that of sweep %s. "
                          .formatted(address, sweep, there.sweep())
                      + "Give another folder with --out, or another name in the sweep file");
            });
  }

  /**
   * What is said where trials are finished here and none of them is planned, nor goes on with more
   * epochs, as by another file of the same name; empty otherwise.
   *
   * @param finished how many of those planned are finished
   */
  public Optional<String> noneIsPlanned(Plan plan, int finished) {
    if (finished > 0 || !holdsRun()) {
      return Optional.empty();
    }
    Set<Object> planned = new HashSet<>();
    plan.trials().forEach(trial -> planned.add(trial.lineage()));
    List<Object> there =
        rows(Table.TRIALS, List.of("status", "lineage")).stream()
            .filter(row -> Status.valueOf((String) row.get("status")).finished())
            .map(row -> row.get("lineage"))
            .toList();
    return there.isEmpty() || there.stream().anyMatch(planned::contains)
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "none of the %d finished trials of %s is planned: they stay in its journal, but leave"
                    + " its tables and models (cure, if this is another sweep: another name or --out)",
                there.size(),
                address));
  }

  /** Removes a folder that a run was about to begin in, unless something is there. */
  public void removeIfEmpty() {
    if (holdsRun()) {
      return;
    }
    for (String part : List.of(Session.FOLDER, FileStorage.STAGING, "")) {
      storage().removeIfEmpty(part);
    }
  }

  /** What is finished. */
  public Journal journal() {
    return new Journal(storage());
  }

  /** The models that are kept. */
  public Models models() {
    return new Models(storage());
  }

  /**
   * Makes sure, where that can be told beforehand, that nothing is ever overwritten here.
   *
   * @throws InfrastructureException if it can be, or if the storage refuses to be written
   */
  public void check() {
    storage().check();
  }

  /** Removes what writers left aside that were killed long ago. */
  public void clean() {
    storage().clean(Duration.ofHours(LEFT_ASIDE_HOURS));
  }

  /** Who is at the run now. */
  public Sessions sessions() {
    return new Sessions(storage());
  }

  /** All rows of a table; none before it is first written. */
  public List<Map<String, Object>> rows(Table table) {
    return read(table, table.columns());
  }

  /** Some columns of all rows of a table, in the order given. */
  public List<Map<String, Object>> rows(Table table, List<String> names) {
    return read(table, columns(table, names));
  }

  private static List<Column> columns(Table table, List<String> names) {
    Map<String, Column> columns = new LinkedHashMap<>();
    table.columns().forEach(column -> columns.put(column.name(), column));
    return names.stream().map(columns::get).toList();
  }

  /** All rows of a trial of a table whose first column is {@code trial}. */
  public List<Map<String, Object>> rowsOf(String trial, Table table) {
    List<Map<String, Object>> rows = new ArrayList<>();
    read(table, table.columns(), Optional.of(trial::equals), rows::add);
    return rows;
  }

  /** Some columns of all rows of a table, one row after the other: for tables with many rows. */
  public void forEach(Table table, List<String> names, Consumer<Map<String, Object>> action) {
    read(table, columns(table, names), Optional.empty(), action);
  }

  /**
   * Some columns of the rows of some trials, one row after the other.
   *
   * @param names of columns, that of the trial first
   * @param trials whether a trial's rows are read
   */
  public void forEach(
      Table table,
      List<String> names,
      Predicate<String> trials,
      Consumer<Map<String, Object>> action) {
    read(table, columns(table, names), Optional.of(trials), action);
  }

  /**
   * How many trials stand where, if the table of trials is of this version, holds exactly these
   * trials in this order, and all of them are finished: then there is nothing to write.
   */
  public Optional<Map<Status, Integer>> countsIfAllFinished(List<String> trials) {
    List<Map<String, Object>> rows = new ArrayList<>();
    Optional<Map<String, String>> metadata =
        read(
            Table.TRIALS,
            Table.TRIALS.columns().stream()
                .filter(column -> List.of("trial", "status").contains(column.name()))
                .toList(),
            Optional.empty(),
            rows::add);
    if (metadata.isEmpty()
        || !metadata.get().entrySet().containsAll(Table.TRIALS.metadata().entrySet())
        || !rows.stream().map(row -> row.get("trial")).toList().equals(trials)) {
      return Optional.empty();
    }
    Map<Status, Integer> counts = new EnumMap<>(Status.class);
    rows.forEach(row -> counts.merge(Status.valueOf((String) row.get("status")), 1, Integer::sum));
    return counts.keySet().stream().allMatch(Status::finished)
        ? Optional.of(counts)
        : Optional.empty();
  }

  private List<Map<String, Object>> read(Table table, List<Column> columns) {
    List<Map<String, Object>> rows = new ArrayList<>();
    read(table, columns, Optional.empty(), rows::add);
    return rows;
  }

  /** Reads a table, if it is there; its metadata. */
  private Optional<Map<String, String>> read(
      Table table,
      List<Column> columns,
      Optional<Predicate<String>> first,
      Consumer<Map<String, Object>> action) {
    String path = path(table);
    Optional<byte[]> bytes = storage().read(path);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ParquetFile.decode(bytes.get(), columns, first, action));
    } catch (IOException damaged) {
      throw new InfrastructureException(
          "Cannot read %s/%s: it is damaged. Remove it, and run again: tables are made anew."
              .formatted(address, path),
          damaged);
    }
  }

  /** The folder of a table: flat Parquet, for any reader. */
  public String tableAddress(Table table) {
    return address + "/" + TABLES + "/" + table.name();
  }

  /** A text file of the folder, such as sweep.conf; empty where there is none. */
  public Optional<String> text(String file) {
    return storage().read(file).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** Writes a text file of the folder. */
  public void replace(String file, String text) {
    storage().replace(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a table in the place of the old one; readers see one of the two. */
  void replace(Table table, Stream<Map<String, Object>> rows) {
    storage()
        .replace(
            path(table), ParquetFile.encode(table.columns(), table.metadata(), rows.iterator()));
  }

  /** Makes a table without rows, unless it is there. */
  void createEmpty(Table table) {
    storage()
        .publish(
            path(table),
            ParquetFile.encode(table.columns(), table.metadata(), Collections.emptyIterator()));
  }

  /** Writes the table of ensembles. */
  public void replaceEnsembles(List<Map<String, Object>> rows) {
    replace(Table.ENSEMBLES, rows.stream());
  }

  /**
   * The packed trials by their hashes.
   *
   * @param objective of the sweep file; empty where it names none
   */
  Map<String, Pack.Trial> pack(Optional<Objective> objective) {
    return storage().read(Pack.FILE).map(bytes -> Pack.decode(bytes, objective)).orElse(Map.of());
  }

  /** Writes the pack in the place of the old one. */
  void replacePack(Optional<Objective> objective, Stream<Pack.Trial> trials) {
    storage().replace(Pack.FILE, Pack.encode(objective, trials));
  }

  /** When the tables or the journal last changed; empty for a folder without them. */
  public Optional<Instant> changed() {
    return changed(Stream.of("journal", "attempts", TABLES + "/" + Table.TRIALS.name()));
  }

  /** When the tables last changed; empty for a folder without them. */
  public Optional<Instant> tablesChanged() {
    return changed(Table.ALL.stream().map(table -> TABLES + "/" + table.name()));
  }

  private Optional<Instant> changed(Stream<String> folders) {
    return folders
        .flatMap(folder -> storage().list(folder).stream())
        .map(FileStorage.Entry::changed)
        .max(Comparator.naturalOrder());
  }

  @Override
  public String toString() {
    return address;
  }

  private static String path(Table table) {
    return TABLES + "/" + table.name() + "/" + PART;
  }

  FileStorage storage() {
    if (storage == null) {
      storage =
          wrapper.apply(local() ? new LocalStorage(Path.of(address)) : new HadoopStorage(address));
    }
    return storage;
  }
}
