package org.trawl.driver.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.training.SeedStreams;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.report.BestReport;
import org.trawl.driver.report.EnsembleReport;
import org.trawl.driver.report.EnsembleReport.Member;
import org.trawl.driver.results.Provenance;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunFolders;
import org.trawl.driver.spark.CoreTraining;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trawl ensemble RUN} */
@Command(
    name = "ensemble",
    description =
        "Lets stored models vote on the test part, by majority and by their mean probability; keeps"
            + " the results in the table ensembles.")
final class EnsembleCommand implements Callable<Integer> {
  private static final Pattern KEPT = Pattern.compile(" --set[ =]keep\\.models *= *\\S+");

  @Parameters(paramLabel = "RUN", description = "a folder, an address or a name under runs/")
  private String run;

  @Option(
      names = "--top",
      paramLabel = "K",
      description =
          "the best K trials by the run's objective, of those with the best one's test part; of"
              + " several data sets an ensemble each")
  private Optional<Integer> top = Optional.empty();

  @Option(
      names = "--trials",
      paramLabel = "TRIAL,...",
      split = ",",
      description = "trials by the beginnings of their hashes")
  private List<String> trials = List.of();

  @Mixin private FormatOption format;

  /** What must be told beside the ensembles that are made. */
  private final List<String> remarks = new ArrayList<>();

  @Override
  public Integer call() {
    if (top.isPresent() != trials.isEmpty()) {
      throw new InputException("Cannot make an ensemble: expected either --top or --trials");
    }
    int size = top.orElse(trials.size());
    if (size < 2) {
      throw new InputException(
          String.format(
              Locale.ROOT, "Cannot make an ensemble of %d: expected at least 2 members", size));
    }
    RunFolder folder = RunFolders.find(run);
    Plan plan = SweepOptions.stored(folder);
    Map<String, PlannedTrial> planned =
        plan.trials().stream().collect(Collectors.toMap(PlannedTrial::trial, Function.identity()));
    Map<String, List<String>> ranked = BestReport.ranked(folder);
    List<List<PlannedTrial>> ensembles =
        top.isPresent()
            ? best(folder, ranked, plan, planned)
            : List.of(named(folder, ranked, planned));
    checkModels(folder, ranked, ensembles);
    List<Map<String, Object>> rows = new ArrayList<>();
    List<String> samples = new ArrayList<>();
    for (List<PlannedTrial> chosen : ensembles) {
      List<Member> members = new ArrayList<>();
      for (PlannedTrial trial : chosen) {
        members.add(new Member(trial, ModelArgument.of(folder, trial.trial()), data(trial, plan)));
      }
      EnsembleReport report = new EnsembleReport(members);
      report.keep(folder, Instant.now());
      report.rows().values().forEach(rows::add);
      samples.add(String.valueOf(members.get(0).data().test().length));
    }
    format.print(EnsembleReport.COLUMNS, rows);
    format.note(
        "On %s test samples; kept in the table ensembles of %s"
            .formatted(String.join(" and ", samples), folder));
    remarks.forEach(format::remark);
    return ExitCode.DONE;
  }

  /** Tells of all trials without a model, and how to come by these. */
  private void checkModels(
      RunFolder folder, Map<String, List<String>> ranked, List<List<PlannedTrial>> ensembles) {
    List<String> missing =
        ensembles.stream()
            .flatMap(List::stream)
            .map(PlannedTrial::trial)
            .filter(trial -> folder.models().of(trial).isEmpty())
            .toList();
    if (!missing.isEmpty()) {
      List<String> problems = new ArrayList<>();
      problems.add(
          String.format(
              Locale.ROOT,
              "Cannot make an ensemble: %s keeps no model of %s. Run it again with their"
                  + " models kept: %s --set keep.models=%s (finished trials are then trained again for"
                  + " their models, with the same bits)",
              folder,
              String.join(", ", missing),
              command(folder),
              needed(missing, ranked.values())));
      problems.addAll(remarks);
      throw new InputException(problems);
    }
  }

  /** As many models as a run has to keep of the best trials to have those of some. */
  private static String needed(List<String> trials, Collection<List<String>> ranked) {
    int most = 0;
    for (String trial : trials) {
      int rank = ranked.stream().mapToInt(hashes -> hashes.indexOf(trial) + 1).max().orElse(0);
      if (rank == 0) {
        return "all";
      }
      most = Math.max(most, rank);
    }
    return String.valueOf(most);
  }

  /** The command that the run was begun or gone on with at last, but for the models it keeps. */
  private static String command(RunFolder folder) {
    List<Provenance.Session> sessions = folder.provenance().orElseThrow().sessions();
    return KEPT.matcher(sessions.get(sessions.size() - 1).command()).replaceAll("");
  }

  private List<PlannedTrial> named(
      RunFolder folder, Map<String, List<String>> ranked, Map<String, PlannedTrial> planned) {
    List<PlannedTrial> found = new ArrayList<>();
    for (String prefix : trials) {
      String hash = RunFolders.findTrial(prefix.strip(), List.of(folder)).trial();
      PlannedTrial trial = planned.get(hash);
      if (trial == null) {
        throw new InputException(
            "Cannot use trial %s: the sweep.conf of %s does not plan it".formatted(hash, folder));
      } else if (found.contains(trial)) {
        throw new InputException(
            "Cannot make an ensemble: expected different members, found %s twice".formatted(hash));
      }
      found.add(trial);
    }
    List<String> ended = ranked.values().stream().flatMap(List::stream).toList();
    List<String> others =
        found.stream().map(PlannedTrial::trial).filter(hash -> !ended.contains(hash)).toList();
    if (!others.isEmpty()) {
      throw new InputException(
          "Cannot make an ensemble: expected trials that are completed, found others: "
              + String.join(", ", others));
    }
    return found;
  }

  /**
   * Of each data set the best trials that are tested on the samples that the best one is; a data
   * set that cannot have an ensemble is remarked where others can.
   */
  private List<List<PlannedTrial>> best(
      RunFolder folder,
      Map<String, List<String>> ranked,
      Plan plan,
      Map<String, PlannedTrial> planned) {
    if (ranked.isEmpty()) {
      throw new InputException("Cannot use %s: it has no completed trial".formatted(folder));
    }
    List<List<PlannedTrial>> ensembles = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    ranked.forEach(
        (name, hashes) -> {
          String of = ranked.size() == 1 ? "" : " of " + name;
          try {
            ensembles.add(best(folder + of, of, hashes, plan, planned));
          } catch (InputException cannot) {
            problems.addAll(cannot.problems());
          }
        });
    if (ensembles.isEmpty()) {
      throw new InputException(problems);
    }
    remarks.addAll(problems);
    return ensembles;
  }

  private List<PlannedTrial> best(
      String run, String of, List<String> ranked, Plan plan, Map<String, PlannedTrial> planned) {
    List<PlannedTrial> found = new ArrayList<>();
    TrainingData shared = null;
    int passedOver = 0;
    for (String hash : ranked) {
      PlannedTrial trial = planned.get(hash);
      if (trial == null || found.size() == top.orElse(0)) {
        continue;
      }
      TrainingData data = data(trial, plan);
      shared = shared == null ? data : shared;
      boolean same =
          found.isEmpty()
              || (trial.content().equals(found.get(0).content())
                  && shared.classes().equals(data.classes())
                  && Arrays.equals(shared.test(), data.test()));
      if (same) {
        found.add(trial);
      } else {
        passedOver++;
      }
    }
    if (shared != null && shared.test().length == 0) {
      throw new InputException(
          "Cannot make an ensemble%s: it has no test part. Hold one out with data.test = 0.2"
              .formatted(of));
    } else if (found.size() < top.orElse(0)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot make an ensemble of %d: %s has %d completed trials that share a test part",
              top.orElse(0),
              run,
              found.size()));
    } else if (passedOver > 0) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "Of the best %d trials%s, %d are not among the members: they are tested on other"
                  + " samples than the best one, as those of other repeats and folds are",
              found.size() + passedOver,
              of,
              passedOver));
    }
    return found;
  }

  private static TrainingData data(PlannedTrial trial, Plan plan) {
    long split = SeedStreams.trialSeed(plan.sweep().seed(), trial.repeat(), 0);
    return new CoreTraining(Kernels.Choice.AUTO).load(trial.spec(), split);
  }
}
