package org.trawl.driver.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.trawl.driver.results.Column;
import org.trawl.driver.results.EpochChoice;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.ClassNames;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Objective;

/**
 * All that a run knows of one trial.
 *
 * @param trial its row of the table trials
 * @param epochs its rows of that table, in order
 * @param classes its rows of that table, all parts
 * @param confusion its rows of that table, all parts
 * @param objective of the trial
 */
public record TrialDetails(
    Map<String, Object> trial,
    List<Map<String, Object>> epochs,
    List<Map<String, Object>> classes,
    List<Map<String, Object>> confusion,
    Objective objective) {
  /** Epochs that are all shown; of more, about so many steps. */
  private static final int EPOCHS_SHOWN = 30;

  private static final int STEPS = 15;
  private static final int CONFUSIONS_SHOWN = 5;

  /** Classes that are all shown; of more, so many. */
  private static final int MOST_CLASSES = 100;

  private static final int CLASSES_SHOWN = 30;
  private static final int CURVE = 40;
  private static final int WIDEST_TEXT = 100;

  /**
   * Reads what a run knows of a trial.
   *
   * @param trial its whole hash
   */
  public static TrialDetails of(RunFolder run, String trial) {
    Map<String, Object> row =
        run.rows(Table.TRIALS).stream()
            .filter(each -> trial.equals(each.get("trial")))
            .findFirst()
            .orElseThrow();
    return new TrialDetails(
        row,
        run.rowsOf(trial, Table.EPOCHS),
        run.rowsOf(trial, Table.CLASSES),
        run.rowsOf(trial, Table.CONFUSION),
        run.provenance().orElseThrow().objectiveOf(row));
  }

  /**
   * Prints everything; as JSON an object with the fields trial, epochs, classes and confusion, as
   * CSV and Markdown the rows of epochs.
   */
  public void print(Format format, int width, PrintWriter out) {
    switch (format) {
      case TABLE -> printText(width, out);
      case CSV, MARKDOWN -> {
        List<String> columns = Table.EPOCHS.columns().stream().map(Column::name).toList();
        format.print(new Rows(columns, epochs), width, out);
      }
      case JSON -> {
        out.print("{\n\"trial\":" + Values.json(trial));
        printArray("epochs", epochs, out);
        printArray("classes", classes, out);
        printArray("confusion", confusion, out);
        out.println("\n}");
      }
    }
    out.flush();
  }

  private static void printArray(String name, List<Map<String, Object>> rows, PrintWriter out) {
    String objects = String.join(",\n", rows.stream().map(Values::json).toList());
    out.printf(",\n\"%s\":[%s]", name, objects.isEmpty() ? "" : "\n" + objects + "\n");
  }

  private void printText(int width, PrintWriter out) {
    printHead(Math.min(width, WIDEST_TEXT), out);
    printMetrics(width, out);
    printCurves(out);
    printEpochs(width, out);
    printClasses(width, out);
  }

  private void printHead(int width, PrintWriter out) {
    out.printf("Trial %s of %s: %s%n", trial.get("trial"), trial.get("sweep"), trial.get("status"));
    List<String> facts = new ArrayList<>();
    addFact(facts, "variant %s", "variant");
    addFact(facts, "repeat %s", "repeat");
    if (trial.get("fold") instanceof Number fold && fold.intValue() > 0) {
      facts.add("fold " + fold);
    }
    addFact(facts, "seed %s", "seed");
    addFact(facts, "%s parameters", "parameters");
    if (trial.get("epochs_run") != null) {
      facts.add(
          "%s of %s epochs".formatted(trial.get("epochs_run"), trial.get(Keys.EPOCHS.column())));
    }
    if (trial.get("seconds") instanceof Number seconds) {
      facts.add(Numbers.text(seconds) + " seconds");
    }
    addFact(facts, "on %s", "host");
    out.println(Lines.wrapped("", facts, ", ", width));
    if (trial.get("message") != null && !trial.get("message").equals("")) {
      out.println("Message: " + Values.text(trial.get("message")));
    }
    out.println();

    List<Key> set = Trials.set(trial);
    int longest = set.stream().mapToInt(key -> key.column().length()).max().orElse(0);
    for (Key key : set) {
      out.printf("  %-" + longest + "s  %s%n", key.column(), shown(key));
    }
    List<String> defaults =
        Keys.all().stream()
            .filter(key -> !set.contains(key))
            .map(key -> key.column() + " " + shown(key))
            .toList();
    if (!defaults.isEmpty()) {
      out.println(Lines.wrapped("  at their defaults: ", defaults, ", ", width));
    }
    out.println();
  }

  private void addFact(List<String> facts, String text, String column) {
    Object value = trial.get(column);
    if (value != null && !value.equals("")) {
      facts.add(text.formatted(Values.text(value)));
    }
  }

  private String shown(Key key) {
    return Values.written(Trials.shown(key.column(), Trials.value(trial, key.column())));
  }

  private void printMetrics(int width, PrintWriter out) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String part : List.of("train", "validation", "test")) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("part", part);
      row.put("loss", trial.get(part + "_loss"));
      row.put("accuracy", trial.get(part + "_accuracy"));
      row.put("macro_f1", macroF1(part));
      if (row.get("loss") != null || row.get("accuracy") != null) {
        rows.add(row);
      }
    }
    if (rows.isEmpty()) {
      out.println("No epoch has ended.");
      return;
    }
    if (trial.get("best_epoch") != null) {
      EpochChoice choice = EpochChoice.of(objective, trial);
      boolean chosen = choice.always() || trial.get("validation_loss") != null;
      out.printf(
          "Epoch %s, the %s%n%n",
          trial.get("best_epoch"), chosen ? "best by " + choice.by().metric() : "last");
    }
    Format.TABLE.print(
        Leaderboard.forPeople(new Rows(List.of("part", "loss", "accuracy", "macro_f1"), rows)),
        width,
        out);
    out.println();
  }

  private Object macroF1(String part) {
    return part.equals("test")
        ? trial.get("test_macro_f1")
        : part.equals(trial.get("macro_f1_part")) ? trial.get("macro_f1") : null;
  }

  private void printCurves(PrintWriter out) {
    if (epochs.size() < 2) {
      return;
    }
    for (String metric : Metrics.LEARNT) {
      List<Double> values = curve(metric);
      if (values.stream().anyMatch(Objects::nonNull)) {
        out.printf(
            "  %-20s %8s %s %s%n",
            metric,
            number(values.get(0)),
            Bars.curve(values, CURVE),
            number(values.get(values.size() - 1)));
      }
    }
    out.println();
  }

  private static String number(Double value) {
    return value == null ? "" : Numbers.metric(value);
  }

  private List<Double> curve(String metric) {
    List<Double> values = new ArrayList<>();
    epochs.forEach(
        epoch ->
            values.add(epoch.get(metric) instanceof Number value ? value.doubleValue() : null));
    return values;
  }

  private void printEpochs(int width, PrintWriter out) {
    if (epochs.isEmpty()) {
      return;
    }
    List<Map<String, Object>> shown = new ArrayList<>();
    for (Map<String, Object> epoch : someEpochs()) {
      Map<String, Object> row = new LinkedHashMap<>(epoch);
      row.put(" ", isBest(epoch) ? "best" : null);
      shown.add(row);
    }
    boolean oneRate = epochs.stream().map(row -> row.get("learning_rate")).distinct().count() == 1;
    List<String> columns =
        Stream.of(
                Stream.of("epoch"),
                oneRate ? Stream.<String>of() : Stream.of("learning_rate"),
                Metrics.LEARNT.stream(),
                Stream.of(" "))
            .flatMap(names -> names)
            .toList();
    Format.TABLE.print(Leaderboard.forPeople(new Rows(columns, shown)), width, out);
    if (shown.size() < epochs.size()) {
      out.printf(
          Locale.ROOT, "%d of %d epochs; --format csv shows all%n", shown.size(), epochs.size());
    }
    out.println();
  }

  /** All, or of many the first, the last, the best and some between at equal steps. */
  private List<Map<String, Object>> someEpochs() {
    int step = epochs.size() <= EPOCHS_SHOWN ? 1 : (epochs.size() + STEPS - 1) / STEPS;
    return IntStream.range(0, epochs.size())
        .filter(
            i -> (i + 1) % step == 0 || i == 0 || i == epochs.size() - 1 || isBest(epochs.get(i)))
        .mapToObj(epochs::get)
        .toList();
  }

  private boolean isBest(Map<String, Object> epoch) {
    return Objects.equals(epoch.get("epoch"), trial.get("best_epoch"));
  }

  /**
   * The part that classes and confusion are shown of, which chooses nothing: test, else validation.
   */
  private String shownPart() {
    boolean test = confusion.stream().anyMatch(row -> "test".equals(row.get("part")));
    boolean expected = confusion.isEmpty() && trial.get("test_accuracy") != null;
    return test || expected ? "test" : "validation";
  }

  private void printClasses(int width, PrintWriter out) {
    ClassNames names =
        Trials.classNames(trial).where(classes.stream().map(row -> row.get("class")).toList());
    List<Map<String, Object>> ofPart =
        classes.stream()
            .filter(row -> shownPart().equals(row.get("part")))
            .map(row -> Trials.named(row, names, "class"))
            .toList();
    if (!ofPart.isEmpty()) {
      List<Map<String, Object>> shown = ofPart.size() > MOST_CLASSES ? worst(ofPart) : ofPart;
      out.printf("Classes of the %s part%n%n", shownPart());
      List<String> columns = List.of("class", "precision", "recall", "f1", "support", "roc_auc");
      Format.TABLE.print(Leaderboard.forPeople(new Rows(columns, shown)), width, out);
      if (shown.size() < ofPart.size()) {
        out.printf(
            Locale.ROOT,
            "%d of %d classes, those of lowest F1; --format json shows all%n",
            shown.size(),
            ofPart.size());
      }
      out.println();
    }
    ConfusionMatrix matrix = ConfusionMatrix.of(classes, confusion, shownPart()).called(names);
    if (matrix.total() > 0) {
      matrix.print(width, CONFUSIONS_SHOWN, out);
    }
  }

  /** The classes of lowest F1 among those that have samples, the first of equals. */
  private static List<Map<String, Object>> worst(List<Map<String, Object>> ofPart) {
    return ofPart.stream()
        .filter(row -> row.get("support") instanceof Integer support && support > 0)
        .sorted(
            Comparator.comparingDouble(
                row -> row.get("f1") instanceof Double f1 ? f1 : Double.POSITIVE_INFINITY))
        .limit(CLASSES_SHOWN)
        .toList();
  }
}
