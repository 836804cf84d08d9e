package org.trawl.driver.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.trawl.core.data.sample.DataException;
import org.trawl.driver.model.Model;
import org.trawl.driver.report.BestReport;
import org.trawl.driver.results.Models;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunFolders;
import org.trawl.driver.results.RunFolders.FoundTrial;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.ClusterStorage;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The trial whose model a verb uses; a mixin. */
final class ModelArgument {
  private static final String KEEP =
      "Say keep { models = all }, or how many of the best, in the sweep file and run it again:"
          + " finished trials are then trained again for their models, with the same bits";

  @Parameters(
      paramLabel = "TRIAL",
      description =
          "the beginning of a trial's hash, a run for its best trial, or a model's .safetensors"
              + " file")
  private String trial;

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "where to look (default: all runs under runs/)")
  private List<String> runs = List.of();

  /**
   * The run that the argument names, where the whole of it is meant.
   *
   * @throws InputException if there is none
   */
  RunFolder run() {
    if (!runs.isEmpty()) {
      throw new InputException("Cannot use --run: expected a run alone, found " + trial + " too");
    }
    return RunFolders.find(trial);
  }

  /**
   * Reads the model.
   *
   * @throws InputException if there is none
   */
  Model model() {
    if (trial.endsWith(".safetensors")) {
      return file(trial);
    }
    if (runs.isEmpty() && (RunFolder.at(trial).holdsRun() || named(trial))) {
      return best(RunFolders.find(trial));
    }
    List<RunFolder> where = runs.isEmpty() ? RunFolders.all() : Runs.find(runs);
    FoundTrial found = RunFolders.findTrial(trial, where);
    return of(found.folder(), found.trial());
  }

  private static boolean named(String name) {
    return !name.isBlank()
        && !Path.of(name).isAbsolute()
        && Files.isDirectory(Path.of("runs").resolve(name))
        && RunFolders.ofSweep(name).holdsRun();
  }

  /** The model of a trial of a run: that of its best epoch, as the tables say. */
  static Model of(RunFolder run, String trial) {
    Optional<Models.Id> ofBest =
        run.rows(Table.TRIALS, List.of("trial", "best_epoch")).stream()
            .filter(row -> trial.equals(row.get("trial")) && row.get("best_epoch") != null)
            .map(row -> new Models.Id(trial, (Integer) row.get("best_epoch")))
            .findFirst();
    Models.Id id =
        ofBest
            .or(() -> run.models().of(trial)) // since the tables were written
            .filter(run.models().list()::contains)
            .orElseThrow(
                () ->
                    new InputException(
                        "Cannot use trial %s: %s keeps no model of it. %s"
                            .formatted(trial, run, KEEP)));
    return read(run.models().read(id), run.models().address(id));
  }

  private static Model file(String address) {
    try (InputStream stream = ClusterStorage.INSTANCE.open(address)) {
      return read(Optional.of(stream.readAllBytes()), address);
    } catch (IOException failure) {
      throw new InputException(
          "Cannot read %s: %s; expected a model".formatted(address, failure.getMessage()));
    }
  }

  private static Model read(Optional<byte[]> bytes, String address) {
    if (bytes.isEmpty()) {
      throw new InputException("Cannot read %s: expected a model, found none".formatted(address));
    }
    try {
      return Model.decode(bytes.get(), address);
    } catch (DataException damaged) {
      throw new InputException(damaged.getMessage());
    }
  }

  private static Model best(RunFolder run) {
    Map<String, List<String>> ranked = BestReport.ranked(run);
    if (ranked.isEmpty()) {
      throw new InputException("Cannot use %s: it has no completed trial".formatted(run));
    } else if (ranked.size() > 1) {
      throw new InputException(
          "Cannot use %s: expected a trial, as each of its data sets has a best one: %s"
              .formatted(
                  run,
                  ranked.entrySet().stream()
                      .map(data -> data.getValue().get(0) + " of " + data.getKey())
                      .collect(Collectors.joining("; "))));
    }
    return of(run, ranked.values().iterator().next().get(0));
  }
}
