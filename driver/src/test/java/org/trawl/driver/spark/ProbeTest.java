package org.trawl.driver.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.training.TrainingResult;
import org.trawl.core.training.TrainingState;
import org.trawl.core.training.TrialSpec;
import org.trawl.core.training.Watcher;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.results.Journal.Beginning;
import org.trawl.driver.results.Plans;
import org.trawl.driver.spark.Probe.Measured;

class ProbeTest {
  @TempDir private Path folder;

  /** Fails in the first step; counts what is loaded for it. */
  private static final class Failing implements Training {
    private static final long serialVersionUID = 1L;

    private final AtomicInteger loaded = new AtomicInteger();

    @Override
    public TrainingData load(TrialSpec trial, long splitSeed) {
      loaded.incrementAndGet();
      return new CoreTraining(Kernels.Choice.PLAIN).load(trial, splitSeed);
    }

    @Override
    public TrainingResult train(
        TrialSpec trial, TrainingData data, Watcher watcher, Optional<TrainingState> from) {
      throw new IllegalArgumentException("fails");
    }

    @Override
    public String kernels() {
      return "vector-test";
    }
  }

  private Estimate estimate(String keys, Map<String, Beginning> beginnings) {
    Plan plan =
        Plans.of(
            folder,
            "name = test\ndata.source = digits\nnetwork.hidden = [8]\n"
                + "training.learning-rate = 0.1\n"
                + keys);
    return Probe.of(plan, plan.trials(), beginnings, new Failing(), 1);
  }

  @Test
  void littleWorkIsNotProbed() {
    Plan plan =
        Plans.of(
            folder,
            "name = test, data.source = digits, network.hidden = [], training.learning-rate = 0.1");
    Failing training = new Failing();
    assertEquals(0, Probe.of(plan, plan.trials(), Map.of(), training, 1).probed());
    assertEquals(0, training.loaded.get());
  }

  @Test
  void whereNoTrialCanBeTriedTheFormulaCounts() {
    double rough = estimate("training.epochs = 10", Map.of()).core();
    Plan plan =
        Plans.of(
            folder,
            """
            name = test
            data.source = digits
            network.hidden = [8]
            training { learning-rate = 0.1, epochs = 100000 }
            """);
    Failing training = new Failing();
    Estimate estimate = Probe.of(plan, plan.trials(), Map.of(), training, 1);
    assertEquals(1, training.loaded.get());
    assertEquals(0, estimate.probed());
    double overhead = TrialQueue.SECONDS_A_TRIAL;
    double trained = estimate.core() - estimate.preparation() - overhead;
    assertEquals(1e4, trained / (rough - overhead), 1);
  }

  /** They go on from each other. */
  @Test
  void ofTrialsThatShareTheirEpochsTheLongestCounts() {
    double longest = estimate("training.epochs = 40", Map.of()).core();
    assertEquals(longest, estimate("sweep.training.epochs = [10, 20, 40]", Map.of()).core(), 1e-9);
  }

  @Test
  void whatIsKeptOfATrialIsNotEstimated() {
    Plan plan =
        Plans.of(
            folder,
            """
            name = test
            data.source = digits
            network.hidden = [8]
            training { learning-rate = 0.1, epochs = 40 }
            """);
    String trial = plan.trials().get(0).trial();
    Map<String, Beginning> kept = Map.of(trial, new Beginning(List.of("a.parquet"), 30));
    double whole = Probe.of(plan, plan.trials(), Map.of(), new Failing(), 1).core();
    double rest = Probe.of(plan, plan.trials(), kept, new Failing(), 1).core();
    double overhead = TrialQueue.SECONDS_A_TRIAL;
    assertEquals((whole - overhead) / 4, rest - overhead, 1e-9);
  }

  @Test
  void aTrialThatMayStopEarlyTakesAtLeastItsPatience() {
    Estimate estimate = estimate("training { epochs = 40, early-stopping.patience = 9 }", Map.of());
    Estimate.Seconds seconds = estimate.trials().get(0);
    assertEquals(seconds.most() / 4, seconds.least(), 1e-9);
  }

  /** 139 h for 20 min: one of the probes was in trouble, or all of them. */
  @Test
  void noProbeIsFarFromTheOthersNorFromTheFormula() {
    assertEquals(
        List.of(1.1, 1.0, 2.5, 1.3),
        factors(Probe.bounded(List.of(of(1.1), of(1.0), of(400), of(1.3)))));
    List<Double> slow = factors(Probe.bounded(List.of(of(400), of(300))));
    assertTrue(slow.stream().allMatch(factor -> factor <= 20), slow::toString);
    List<Double> fast = factors(Probe.bounded(List.of(of(1e-3))));
    assertEquals(List.of(1 / 8.0), fast);
    assertEquals(List.of(), Probe.bounded(List.of()));
  }

  private static Measured of(double factor) {
    return new Measured(1, factor, 1);
  }

  private static List<Double> factors(List<Measured> measured) {
    return measured.stream().map(Measured::factor).toList();
  }
}
