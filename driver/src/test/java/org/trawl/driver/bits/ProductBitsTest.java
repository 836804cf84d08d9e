package org.trawl.driver.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.kernel.Kernels.Choice;
import org.trawl.core.training.Confusion;
import org.trawl.core.training.EpochResult;
import org.trawl.driver.SparkTest;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.Difference;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Segment;
import org.trawl.driver.results.Table;
import org.trawl.driver.spark.CoreTraining;
import org.trawl.driver.spark.SweepRun;
import org.trawl.driver.spark.Verification;
import org.trawl.driver.spark.Verification.Verdict;
import org.trawl.driver.spark.Versions;
import org.trawl.driver.sweep.InputException;

/** A run with one kind of kernels, verified with the other; and stored values that were changed. */
@Timeout(600)
class ProductBitsTest {
  private static final CoreTraining PLAIN = new CoreTraining(Choice.PLAIN);
  private static final CoreTraining VECTOR = new CoreTraining(Choice.VECTOR);

  private static final String SWEEP =
      """
      name = bits
      repeats = 2
      data { source = digits, limit = 201, validation = 40, test = 0.1 }
      network { dropout = 0.2, batch-norm = true }
      training { optimizer = adam, epochs = 3, learning-rate = 0.01, l2 = 1e-4 }
      sweep.network.hidden = [[5], [17, 3]]
      """;

  @TempDir private Path folder;
  private RunFolder run;
  private Plan plan;

  @BeforeEach
  void train() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("sweep.conf"), SWEEP);
    plan = SweepBits.plan(file, List.of());
    run = RunFolder.at(folder.resolve("run").toString());
    SweepRun sweepRun = new SweepRun(plan, run);
    sweepRun.begin(Versions.session("trawl run", plan, 4, PLAIN));
    sweepRun.train(context(), PLAIN, progress -> {});
  }

  @Test
  void aRunOfPlainKernelsIsVerifiedByVectorKernels() {
    assertEquals(
        Set.of("plain"),
        run.rows(Table.TRIALS).stream().map(row -> row.get("kernels")).collect(Collectors.toSet()));
    List<Verdict> verdicts = verify();
    assertEquals(4, verdicts.size());
    for (Verdict verdict : verdicts) {
      assertTrue(verdict.same(), verdict.toString());
      assertEquals("plain", verdict.storedKernels());
      assertTrue(verdict.kernels().startsWith("vector-"), verdict.kernels());
    }
    List<String> weights =
        plan.trials().stream()
            .map(trial -> run.journal().segment(trial).orElseThrow().weights())
            .toList();
    assertEquals(4, weights.stream().distinct().count());
    weights.forEach(hash -> assertTrue(hash.matches("[0-9a-f]{64}"), hash));
  }

  @Test
  void oneBitOfOneEpochIsFound() throws IOException {
    PlannedTrial trial = plan.trials().get(1);
    Segment segment = run.journal().segment(trial).orElseThrow();
    List<EpochResult> epochs = new ArrayList<>(segment.epochs());
    EpochResult second = epochs.get(1);
    epochs.set(
        1,
        new EpochResult(
            second.epoch(),
            second.learningRate(),
            Math.nextUp(second.trainLoss()),
            second.trainPenalty(),
            second.trainAccuracy(),
            second.validation(),
            second.test(),
            second.seconds(),
            second.samplesPerSecond()));
    store(segment, segment.weights(), epochs);
    List<Verdict> verdicts = verify();
    assertEquals(
        Optional.of(
            new Difference(
                2,
                "train_loss",
                String.valueOf(Math.nextUp(second.trainLoss())),
                String.valueOf(second.trainLoss()))),
        verdicts.get(1).difference());
    assertEquals(3, verdicts.stream().filter(Verdict::same).count());
  }

  @Test
  void otherWeightsConfusionsAndFewerEpochsAreFound() throws IOException {
    Segment first = run.journal().segment(plan.trials().get(0)).orElseThrow();
    store(first, "0".repeat(64), first.epochs());
    Segment second = run.journal().segment(plan.trials().get(1)).orElseThrow();
    store(second, second.weights(), second.epochs().subList(0, 2));
    Segment third = run.journal().segment(plan.trials().get(2)).orElseThrow();
    Confusion pairs = third.epochs().get(2).test().orElseThrow().pairs();
    int before = pairs.counts()[5]++;
    String column = "test_confusion[" + pairs.actual()[5] + "][" + pairs.predicted()[5] + "]";
    store(third, third.weights(), third.epochs());
    List<Verdict> verdicts = verify();
    assertEquals(
        new Difference(0, "weights", "0".repeat(64), first.weights()),
        verdicts.get(0).difference().orElseThrow());
    assertEquals("epochs_run", verdicts.get(1).difference().orElseThrow().column());
    assertEquals(
        new Difference(3, column, String.valueOf(before + 1), "" + before),
        verdicts.get(2).difference().orElseThrow());
    assertTrue(verdicts.get(3).same());
  }

  @Test
  void theSeedDecidesWhichTrialsAreDrawn() {
    Verification verification = new Verification(plan, run);
    assertEquals(4, verification.finished());
    assertEquals(verification.draw(2, 5), verification.draw(2, 5));
    Set<List<PlannedTrial>> pairs =
        LongStream.range(0, 50)
            .mapToObj(seed -> verification.draw(2, seed))
            .collect(Collectors.toSet());
    assertEquals(6, pairs.size());
    assertEquals(plan.trials(), verification.draw(9, 1));
  }

  @Test
  void dataThatChangedSinceAreTold() throws IOException {
    Path provenance = folder.resolve("run/provenance.json");
    String text = Files.readString(provenance);
    Files.writeString(provenance, text.replaceFirst("sha256:....", "sha256:beef"));
    InputException refused = assertThrows(InputException.class, () -> new Verification(plan, run));
    assertTrue(refused.getMessage().contains("the data of digits changed"), refused.getMessage());
  }

  @Test
  void aRunWithoutFinishedTrialsIsRefused() throws IOException {
    Path file = folder.resolve("sweep.conf");
    Plan other = SweepBits.plan(file, List.of("training.learning-rate=0.5"));
    InputException refused = assertThrows(InputException.class, () -> new Verification(other, run));
    assertTrue(refused.getMessage().contains("found none"), refused.getMessage());
  }

  private List<Verdict> verify() {
    Verification verification = new Verification(plan, run);
    return verification.verify(verification.draw(4, 1), context(), VECTOR);
  }

  private void store(Segment segment, String weights, List<EpochResult> epochs) throws IOException {
    Segment changed =
        new Segment(
            segment.lineage(),
            segment.first(),
            segment.last(),
            segment.config(),
            segment.attempt(),
            segment.kernels(),
            segment.parameters(),
            weights,
            segment.checkpoint(),
            segment.classes(),
            epochs);
    Files.write(folder.resolve("run/journal").resolve(segment.fileName()), changed.encode());
  }

  private static SparkContext context() {
    return SparkTest.session().sparkContext();
  }
}
