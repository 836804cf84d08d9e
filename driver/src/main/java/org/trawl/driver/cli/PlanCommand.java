package org.trawl.driver.cli;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.split.PreparedSize;
import org.trawl.core.kernel.Kernels;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedNetwork;
import org.trawl.driver.plan.PlannedNetwork.PlannedLayer;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.plan.Workload;
import org.trawl.driver.report.Format;
import org.trawl.driver.report.Lines;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.spark.CoreTraining;
import org.trawl.driver.spark.Estimate;
import org.trawl.driver.spark.Probe;
import org.trawl.driver.sweep.Axis;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.KeyColumns;
import org.trawl.driver.sweep.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trawl plan FILE} */
@Command(name = "plan", description = "Shows every trial of a sweep file before anything runs.")
final class PlanCommand implements Callable<Integer> {
  private static final String FINISHED = "finished";
  private static final String TRIAL = "trial";
  private static final List<String> IDENTITY =
      List.of(TRIAL, "point", "repeat", "fold", "variant", FINISHED);

  private static final List<String> LAYER_COLUMNS =
      List.of(
          "layer", "inputs", "outputs", "activation", "weights", "biases", "norm", "parameters");

  @Mixin private SweepOptions sweep;
  @Mixin private FormatOption format;

  @Option(
      names = "--layers",
      description = "show the layers of each different network instead: shapes and parameters")
  private boolean layers;

  @Override
  public Integer call() {
    Plan plan = sweep.plan();
    if (layers) {
      printLayers(PlannedNetwork.of(plan));
      return ExitCode.DONE;
    }
    RunFolder folder = sweep.folder(plan);
    Set<String> finished = folder.journal().finished(plan.trials());
    List<Map<String, Object>> rows =
        plan.trials().stream().map(trial -> row(trial, finished.contains(trial.trial()))).toList();
    List<String> columns = columns(plan);
    if (format.format() != Format.TABLE) {
      format.print(columns, rows);
      plan.remarks().forEach(remark -> format.remark("note: " + remark));
      return ExitCode.DONE;
    }
    List<String> varying = columns.stream().filter(column -> varies(column, rows)).toList();
    summary(plan, finished, folder, varying).forEach(format.out()::println);
    format.out().println();
    format.print(
        columns.stream()
            .filter(column -> column.equals(TRIAL) || varying.contains(column))
            .toList(),
        rows.stream().map(PlanCommand::forPeople).toList());
    return ExitCode.DONE;
  }

  /** The layers of networks: for people a table each, else rows that begin with the network. */
  private void printLayers(List<PlannedNetwork> networks) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (PlannedNetwork network : networks) {
      int number = networks.indexOf(network) + 1;
      List<Map<String, Object>> rows =
          network.layers().stream().map(PlanCommand::layerRow).toList();
      if (format.forPeople()) {
        format
            .out()
            .printf(
                Locale.ROOT,
                "%sNetwork %d: %s, %s, %s%n%n",
                number > 1 ? System.lineSeparator() : "",
                number,
                network.shape(),
                count(network.parameters(), "parameter"),
                count(network.trials(), TRIAL));
        format.print(LAYER_COLUMNS, rows);
      }
      for (Map<String, Object> row : rows) {
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("network", number);
        whole.put("trials", network.trials());
        whole.putAll(row);
        all.add(whole);
      }
    }
    if (!format.forPeople()) {
      List<String> columns = new ArrayList<>(List.of("network", "trials"));
      columns.addAll(LAYER_COLUMNS);
      format.print(columns, all);
    }
  }

  private static Map<String, Object> layerRow(PlannedLayer layer) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("layer", layer.number());
    row.put("inputs", layer.inputs());
    row.put("outputs", layer.outputs());
    row.put("activation", layer.activation().key());
    row.put("weights", layer.weights());
    row.put("biases", layer.biases());
    row.put("norm", layer.norm());
    row.put("parameters", layer.parameters());
    return row;
  }

  /** What names a trial, then the columns of the swept keys in their axes' order, then the rest. */
  private static List<String> columns(Plan plan) {
    Set<String> columns = new LinkedHashSet<>(IDENTITY);
    Stream<Key> swept =
        plan.sweep().variants().stream().flatMap(variant -> variant.axes().stream()).map(Axis::key);
    Stream.concat(swept, Keys.all().stream()).forEach(key -> columns.addAll(KeyColumns.names(key)));
    return List.copyOf(columns);
  }

  private static Map<String, Object> row(PlannedTrial trial, boolean finished) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(TRIAL, trial.trial());
    row.put("point", trial.point());
    row.put("repeat", trial.repeat());
    row.put("fold", trial.fold());
    row.put("variant", trial.variant().isEmpty() ? null : trial.variant());
    row.put(FINISHED, finished);
    KeyColumns.put(trial.values(), row);
    return row;
  }

  /** Whether rows differ in a column. */
  private static boolean varies(String column, List<Map<String, Object>> rows) {
    return rows.stream().anyMatch(row -> !Objects.equals(row.get(column), rows.get(0).get(column)));
  }

  /** A row whose batch size of all samples is written out, and whose finished trial is marked. */
  private static Map<String, Object> forPeople(Map<String, Object> row) {
    Map<String, Object> shown = new LinkedHashMap<>(row);
    shown.computeIfAbsent(Keys.BATCH_SIZE.column(), column -> "all");
    shown.computeIfPresent(FINISHED, (column, finished) -> finished.equals(true) ? "yes" : "");
    return shown;
  }

  private static List<String> summary(
      Plan plan, Set<String> finished, RunFolder folder, List<String> varying) {
    List<String> lines = new ArrayList<>();
    lines.add(line("sweep", plan.sweep().name() + ", results in " + folder));
    lines.add(line("trials", trials(plan, finished.size())));
    String objectives =
        plan.trials().stream()
            .map(trial -> trial.peers().objective())
            .distinct()
            .map(
                objective ->
                    objective.direction().name().toLowerCase(Locale.ROOT)
                        + " "
                        + objective.metric())
            .collect(Collectors.joining(", of other data "));
    lines.add(line("objective", objectives));
    plan.datasets().forEach(dataset -> lines.add(line("data", data(dataset))));
    lines.add(line("memory", memory(plan)));
    lines.add(line("time", time(plan, finished, folder)));
    String constant = constant(plan, varying);
    if (!constant.isEmpty()) {
      lines.add(line("constant", constant));
    }
    Stream.concat(folder.noneIsPlanned(plan, finished.size()).stream(), plan.remarks().stream())
        .forEach(remark -> lines.add(Lines.wrapped(line("note", ""), remark, Terminal.width())));
    return lines;
  }

  private static String line(String name, String text) {
    return "%-10s %s".formatted(name, text);
  }

  private static String trials(Plan plan, int finished) {
    int all = plan.trials().size();
    int folds = plan.trials().stream().mapToInt(trial -> Math.max(1, trial.fold())).max().orElse(1);
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%,d", all));
    if (plan.points() < all) {
      text.append(" (").append(count(plan.points(), "point"));
      text.append(plan.sweep().repeats() > 1 ? " x " + plan.sweep().repeats() + " repeats" : "");
      text.append(folds > 1 ? " x " + folds + " folds)" : ")");
    }
    text.append(
        String.format(
            Locale.ROOT, ": %,d finished already, %,d to train", finished, all - finished));
    if (plan.dropped() > 0) {
      text.append("; where drops ").append(count(plan.dropped(), "point"));
    }
    if (plan.duplicates() > 0) {
      text.append("; ").append(count(plan.duplicates(), "point")).append(" planned twice");
    }
    return text.toString();
  }

  /** How long {@code trawl run} would take: it plans as this command did, then starts Spark. */
  private static String time(Plan plan, Set<String> finished, RunFolder folder) {
    List<PlannedTrial> left =
        plan.trials().stream().filter(trial -> !finished.contains(trial.trial())).toList();
    if (left.isEmpty()) {
      return "nothing to train";
    }
    double planning = ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
    int cores = Runtime.getRuntime().availableProcessors();
    Estimate estimate =
        Probe.of(
            plan,
            left,
            folder.journal().beginnings(left),
            new CoreTraining(Kernels.Choice.AUTO),
            cores);
    String by =
        estimate.probed() == 0
            ? "a rough estimate"
            : count(estimate.probed(), TRIAL) + " tried for a moment";
    String preparation =
        estimate.preparation() >= 1
            ? "; %s of one core prepare data"
                .formatted(TimeText.about(Duration.ofSeconds(Math.round(estimate.preparation()))))
            : "";
    return "%s on this machine's %s (%s%s)"
        .formatted(
            TimeText.of(estimate.command(planning, cores)), count(cores, "core"), by, preparation);
  }

  private static String count(long number, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
  }

  private static String data(Dataset dataset) {
    String parts =
        dataset.testRows() > 0
            ? String.format(
                Locale.ROOT, "%,d training and %,d test", dataset.trainRows(), dataset.testRows())
            : String.format(Locale.ROOT, "%,d", dataset.trainRows());
    return String.format(
        Locale.ROOT,
        "%s: %s samples, %,d features, %d classes",
        dataset.name(),
        parts,
        dataset.features(),
        dataset.classes().size());
  }

  private static String memory(Plan plan) {
    long data = plan.datasets().stream().mapToLong(Workload::bytes).sum();
    long trial =
        plan.trials().stream().mapToLong(planned -> plan.workload(planned).bytes()).max().orElse(0);
    long augmented =
        plan.trials().stream()
            .mapToLong(planned -> Workload.augmentedBytes(planned.spec(), plan.size(planned)))
            .max()
            .orElse(0);
    String copies =
        augmented > 0 ? ", with noisy copies %s more a split".formatted(megabytes(augmented)) : "";
    long prepared = plan.sizes().values().stream().mapToLong(PreparedSize::bytes).max().orElse(0);
    String made =
        prepared > 0 ? ", prepared samples at most about %s".formatted(megabytes(prepared)) : "";
    return "data %s once a JVM%s%s, a trial at most about %s"
        .formatted(megabytes(data), copies, made, megabytes(trial));
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", Math.ceil(bytes / 1e5) / 10);
  }

  /** The keys that all trials share, where that is not the default. */
  private static String constant(Plan plan, List<String> varying) {
    Map<Key, Object> values = plan.trials().get(0).values();
    Map<String, Object> columns = new LinkedHashMap<>();
    Keys.all().stream()
        .filter(key -> KeyColumns.names(key).stream().noneMatch(varying::contains))
        .filter(key -> !key.defaultValue().map(values.get(key)::equals).orElse(false))
        .forEach(key -> columns.put(key.column(), Key.text(values.get(key))));
    return columns.entrySet().stream()
        .map(column -> column.getKey() + " " + column.getValue())
        .collect(Collectors.joining(", "));
  }
}
