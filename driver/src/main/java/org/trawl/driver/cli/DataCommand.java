package org.trawl.driver.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.trawl.core.data.SourceReader;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.storage.Storage;
import org.trawl.driver.data.ContactSheet;
import org.trawl.driver.data.Description;
import org.trawl.driver.data.Fetch;
import org.trawl.driver.report.Format;
import org.trawl.driver.report.Lines;
import org.trawl.driver.report.Rows;
import org.trawl.driver.spark.ClusterStorage;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.ClassNames;
import org.trawl.driver.sweep.Download;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trawl data list|describe|fetch} */
@Command(
    name = "data",
    description = "Lists the catalogue of data sets, looks into one, fetches its files.",
    subcommands = {
      DataCommand.ListCommand.class,
      DataCommand.DescribeCommand.class,
      DataCommand.FetchCommand.class
    })
final class DataCommand implements Runnable {
  private static final String NAME = "name";
  private static final String FILE = "file";

  @Spec private CommandSpec command;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        command.commandLine(), "Missing verb: data list, data describe SOURCE or data fetch NAME");
  }

  /** {@code trawl data list} */
  @Command(name = "list", description = "Lists the data sets of conf/datasets.conf.")
  static final class ListCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
        List.of(NAME, "format", "here", "megabytes", "licence", "description");

    @Mixin private FormatOption format;

    @Override
    public Integer call() {
      Catalogue catalogue = Catalogue.installed();
      List<Map<String, Object>> rows = new ArrayList<>();
      for (String name : catalogue.names()) {
        rows.add(row(name, catalogue.entry(name)));
      }
      List<String> columns = new ArrayList<>(COLUMNS);
      if (!format.forPeople()) {
        columns.addAll(List.of("folder", "files"));
      }
      format.print(columns, rows);
      return ExitCode.DONE;
    }

    private Map<String, Object> row(String name, Catalogue.Entry entry) {
      long bytes = entry.downloads().stream().mapToLong(Download::bytes).sum();
      boolean here = entry.source().train().stream().allMatch(ListCommand::here);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put(NAME, name);
      row.put("format", entry.source().format().key());
      row.put("here", format.forPeople() ? (here ? "yes" : "") : here);
      boolean known = bytes > 0 && entry.downloads().stream().allMatch(file -> file.bytes() > 0);
      row.put("megabytes", known ? Math.ceil(bytes / 1e5) / 10 : null);
      row.put("licence", entry.licence());
      row.put("description", entry.description());
      row.put("folder", entry.folder().toString());
      row.put("files", entry.downloads().stream().map(Download::url).toList());
      return row;
    }

    private static boolean here(String address) {
      String file = address.replaceFirst("#[^#]*$", "");
      return address.startsWith(Storage.CLASSPATH)
          || (!address.contains("://") && Files.exists(Path.of(file)));
    }
  }

  /** {@code trawl data describe SOURCE} */
  @Command(
      name = "describe",
      description =
          "Reads a data set and tells what is in it: counts, classes, values, what is missing.")
  static final class DescribeCommand implements Callable<Integer> {
    private static final int FEATURES_SHOWN = 20;

    /** Classes that are all shown; of more, so many. */
    private static final int MOST_CLASSES = 100;

    private static final int CLASSES_SHOWN = 30;
    private static final List<String> FEATURE_COLUMNS =
        List.of(
            "feature", "minimum", "maximum", "mean", "deviation", "missing", "constant", "name");

    @Parameters(
        paramLabel = "SOURCE",
        description =
            "a name of the catalogue, a file, a folder of images, or a description such as '{ format ="
                + " csv, train = flowers.csv, label = kind }'")
    private String source;

    @Option(names = "--features", description = "a row a feature instead")
    private boolean features;

    @Option(
        names = "--contact-sheet",
        paramLabel = "FILE",
        description = "draws the first images of each class into a PNG file")
    private Optional<Path> sheet = Optional.empty();

    @Mixin private FormatOption format;

    @Override
    public Integer call() {
      Catalogue catalogue = Catalogue.installed();
      SourceSpec spec = catalogue.find(source);
      Dataset dataset;
      try {
        dataset = SourceReader.read(spec, ClusterStorage.INSTANCE);
      } catch (DataException wrong) {
        throw new InputException(wrong.getMessage());
      }
      sheet.ifPresent(file -> ContactSheet.write(dataset, file));
      Object value = catalogue.names().contains(source) ? source : spec;
      print(new Description(spec, dataset, catalogue.prepare(value)));
      sheet.ifPresent(
          file -> format.note("Wrote %s: a row a class, in this order".formatted(file)));
      return ExitCode.DONE;
    }

    /** The rows of the classes, called as people call them. */
    private static List<Map<String, Object>> named(Description description) {
      List<Map<String, Object>> rows = new ArrayList<>();
      ClassNames names =
          ClassNames.ofSource(description.summary().get(NAME))
              .where(description.classes().stream().map(row -> row.get("class")).toList());
      for (Map<String, Object> row : description.classes()) {
        Map<String, Object> named = new LinkedHashMap<>(row);
        named.put("class", names.called(row.get("class")));
        rows.add(named);
      }
      return rows;
    }

    private void print(Description description) {
      if (features) {
        printFeatures(description);
        description.notes().forEach(note -> format.remark("note: " + note));
        return;
      }
      Map<String, Object> summary = description.summary();
      if (!format.forPeople()) {
        summary.put("class_counts", description.classes());
        format.print(new Rows(List.copyOf(summary.keySet()), List.of(summary)));
        return;
      }
      summary.forEach(
          (name, value) -> {
            if (value != null) {
              format.note("%-18s %s".formatted(name.replace('_', ' '), text(value)));
            }
          });
      description
          .notes()
          .forEach(note -> format.note(Lines.wrapped("note: ", note, Terminal.width())));
      format.note("");
      List<Map<String, Object>> classes = named(description);
      int shown = classes.size() > MOST_CLASSES ? CLASSES_SHOWN : classes.size();
      format.print(
          List.of("class", "train", "validation", "test", "train_share"),
          classes.subList(0, shown));
      if (shown < classes.size()) {
        format.note(
            String.format(
                Locale.ROOT,
                "The first %d of %d classes; --format json shows all",
                shown,
                classes.size()));
      }
      if (description.features().size() <= FEATURES_SHOWN) {
        format.note("");
        printFeatures(description);
      }
    }

    /** With their names where the files have any. */
    private void printFeatures(Description description) {
      boolean named = description.features().stream().anyMatch(each -> !each.name().isEmpty());
      int columns = FEATURE_COLUMNS.size() - (named ? 0 : 1);
      format.print(FEATURE_COLUMNS.subList(0, columns), rows(description));
    }

    private static String text(Object value) {
      if (value instanceof Double real) {
        return Float.toString(real.floatValue()).replaceFirst("\\.0$", "");
      }
      return value instanceof Number number
          ? String.format(Locale.ROOT, "%,d", number.longValue())
          : value.toString();
    }

    private static List<Map<String, Object>> rows(Description description) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (Description.Feature feature : description.features()) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("feature", feature.position());
        row.put("minimum", feature.minimum());
        row.put("maximum", feature.maximum());
        row.put("mean", feature.mean());
        row.put("deviation", feature.deviation());
        row.put("missing", feature.missing());
        row.put("constant", feature.constant());
        row.put("name", feature.name());
        rows.add(row);
      }
      return rows;
    }
  }

  /** {@code trawl data fetch NAME} */
  @Command(
      name = "fetch",
      description = "Downloads the files of a data set, checks them, and goes on where it was cut.")
  static final class FetchCommand implements Callable<Integer> {
    private static final Duration ON_TERMINAL = Duration.ofMillis(250);
    private static final Duration ELSEWHERE = Duration.ofSeconds(5);

    @Spec private CommandSpec command;

    @Parameters(paramLabel = "NAME", description = "a name of the catalogue")
    private String name;

    @Option(
        names = "--from",
        paramLabel = "DIR-or-URL",
        description = "takes the files from a folder or a mirror, by their names")
    private Optional<String> mirror = Optional.empty();

    @Mixin private FormatOption format;

    private final boolean terminal = Terminal.present();
    private long started = System.nanoTime();
    private long next = started;
    private long first;
    private String current = "";

    @Override
    public Integer call() {
      Catalogue.Entry entry = Catalogue.installed().entry(name);
      if (entry.downloads().isEmpty()) {
        String how = entry.source().obtain();
        throw new InputException(
            "Cannot fetch %s: expected files in its description, found none%s"
                .formatted(name, how.isEmpty() ? "" : "; to obtain it: " + how));
      }
      Fetch fetch = new Fetch(entry.folder(), mirror, this::progress);
      List<Map<String, Object>> rows = new ArrayList<>();
      for (Download file : entry.downloads()) {
        Fetch.Outcome outcome;
        try {
          outcome = fetch.fetch(file);
        } finally {
          erase();
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(FILE, entry.folder().resolve(file.name()).toString());
        row.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
        row.put("checked", file.sha256().isEmpty() ? "no hash known" : "sha256");
        rows.add(row);
      }
      format.print(List.of(FILE, "outcome", "checked"), rows);
      if (!entry.licence().isEmpty()) {
        format.note("Licence: " + entry.licence());
      }
      return ExitCode.DONE;
    }

    private void progress(String file, long done, long of) {
      if (!file.equals(current)) {
        current = file;
        started = System.nanoTime();
        next = started;
        first = done;
      }
      long now = System.nanoTime();
      if (format.format() != Format.TABLE || now - next < 0) {
        return;
      }
      next = now + (terminal ? ON_TERMINAL : ELSEWHERE).toNanos();
      double rate = (done - first) / Math.max(1e-3, (now - started) * 1e-9);
      String line =
          String.format(
              Locale.ROOT,
              "%s: %.1f%s MB",
              file,
              done / 1e6,
              of > 0 ? String.format(Locale.ROOT, " of %.1f", of / 1e6) : "");
      if (rate > 0 && now - started > 1e9) {
        line += String.format(Locale.ROOT, ", %.1f MB/s", rate / 1e6);
        Duration left = Duration.ofSeconds((long) ((of - done) / rate));
        line += of > 0 ? ", %s left".formatted(TimeText.of(left)) : "";
      }
      PrintWriter err = command.commandLine().getErr();
      err.print(terminal ? "\r\u001b[K" + line : line + System.lineSeparator());
      err.flush();
    }

    private void erase() {
      if (terminal) {
        command.commandLine().getErr().print("\r\u001b[K");
        command.commandLine().getErr().flush();
      }
    }
  }
}
