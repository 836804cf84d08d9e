package org.trawl.driver.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.training.Confusion;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.Evaluation;
import org.trawl.core.training.LayerResult;
import org.trawl.core.training.RocCurve;
import org.trawl.driver.plan.Plan;
import org.trawl.driver.plan.PlannedTrial;

class JournalTest {
  private static final String SWEEP =
      """
      name = journal
      data { source = digits, validation = 0.2, test = 0.1 }
      network { hidden = [4] }
      training { epochs = 2 }
      sweep { training.learning-rate = [0.1, 0.2, 0.3] }
      """;

  @TempDir private Path folder;

  @Test
  void aSegmentReadsBackAsItWasPublished() {
    PlannedTrial trial = plan(SWEEP).trials().get(0);
    Segment segment = segment(trial, 1, Status.COMPLETED, 2);
    journal().publish(segment);
    Segment read = journal().segment(trial).orElseThrow();
    assertEquals(text(segment), text(read));
    assertEquals(segment.attempt(), read.attempt());
    assertEquals(trial.config(), read.config());
    assertEquals(List.of("cat", "dog"), read.classes());
    assertArrayEquals(
        new int[] {1, 2, 3, 4}, read.epochs().get(1).test().orElseThrow().confusion());
  }

  /** Segments as they were written with counts of all pairs of classes, those of 0 too. */
  @Test
  void aSegmentWithAllCountsOfItsConfusionIsRead() throws IOException {
    PlannedTrial trial = plan(SWEEP).trials().get(0);
    Segment segment = segment(trial, 1, Status.COMPLETED, 2);
    List<Column> columns = new ArrayList<>();
    for (Column column : Segment.COLUMNS) {
      columns.add(
          column.type() instanceof ColumnType.Struct struct
              ? Column.struct(
                  column.name(),
                  column.sentence(),
                  struct.fields().stream()
                      .filter(field -> !field.name().equals("pairs"))
                      .toArray(Column[]::new))
              : column);
    }
    ParquetFile file = ParquetFile.decode(segment.encode(), Segment.COLUMNS);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Map<String, Object> row : file.rows()) {
      Map<String, Object> old = new HashMap<>(row);
      old.put("validation", withAllCounts((Map<?, ?>) row.get("validation"), 1, 0, 0, 1));
      old.put("test", withAllCounts((Map<?, ?>) row.get("test"), 0, 2, 3, 0));
      rows.add(old);
    }
    byte[] bytes = ParquetFile.encode(columns, file.metadata(), rows.iterator());
    Evaluation test = Segment.decode(bytes).epochs().get(1).test().orElseThrow();
    assertArrayEquals(new int[] {0, 2, 3, 0}, test.confusion());
    assertEquals(2, test.pairs().pairs());
    assertEquals(segment.epochs().get(1).test().orElseThrow().loss(), test.loss());
  }

  private static Map<String, Object> withAllCounts(Map<?, ?> part, Integer... counts) {
    Map<String, Object> old = new HashMap<>();
    part.forEach((name, value) -> old.put((String) name, value));
    old.put("confusion", List.of(counts));
    return old;
  }

  /** 2,500 classes: 6.25 million pairs, of which three occur. */
  @Test
  void aSegmentOfManyClassesHoldsThePairsThatOccur() throws IOException {
    PlannedTrial trial = plan(SWEEP).trials().get(0);
    int[] classes = {0, 7, 2499};
    Confusion pairs = new Confusion(2500, classes, classes, new int[] {1, 2, 3});
    EpochResult epoch =
        new EpochResult(
            1, 0.1, 1, 0, 0, Optional.empty(), Optional.of(new Evaluation(1, 1, pairs)), 1, 10);
    Segment segment = segment(trial, List.of(epoch), attempt(trial, 1, Status.COMPLETED, 1));
    byte[] bytes = segment.encode();
    assertTrue(bytes.length < 20_000, bytes.length + " bytes");
    Confusion read = Segment.decode(bytes).epochs().get(0).test().orElseThrow().pairs();
    assertEquals(2500, read.classes());
    assertArrayEquals(classes, read.predicted());
    assertArrayEquals(new int[] {1, 2, 3}, read.counts());
  }

  @Test
  void aTrialIsFinishedWhenItsSegmentIsThere() {
    List<PlannedTrial> trials = plan(SWEEP).trials();
    assertEquals(Set.of(), journal().finished(trials));
    journal().publish(segment(trials.get(1), 1, Status.COMPLETED, 2));
    journal().publish(segment(trials.get(2), 1, Status.DIVERGED, 0));
    assertEquals(Set.of(trials.get(1).trial(), trials.get(2).trial()), journal().finished(trials));
  }

  @Test
  void moreEpochsAreAnotherSegmentOfTheSameLineage() {
    PlannedTrial trial = plan(SWEEP).trials().get(0);
    journal().publish(segment(trial, 1, Status.COMPLETED, 2));
    List<PlannedTrial> longer = plan(SWEEP + "training.epochs = 3").trials();
    assertEquals(trial.lineage(), longer.get(0).lineage());
    assertEquals(Set.of(), journal().finished(longer));
  }

  @Test
  void theFirstOfTwoEqualSegmentsStays() {
    PlannedTrial trial = plan(SWEEP).trials().get(0);
    assertTrue(journal().publish(segment(trial, 1, Status.COMPLETED, 2)));
    assertFalse(journal().publish(segment(trial, 2, Status.COMPLETED, 2)));
    assertEquals(1, journal().segment(trial).orElseThrow().attempt().number());
  }

  @Test
  void aDivergedTrialWithoutEpochsKeepsItsMessage() {
    PlannedTrial trial = plan(SWEEP).trials().get(0);
    journal().publish(segment(trial, 1, Status.DIVERGED, 0));
    Segment read = journal().segment(trial).orElseThrow();
    assertEquals(List.of(), read.epochs());
    assertEquals("cause", read.attempt().cause());
    assertEquals(Status.DIVERGED, read.attempt().outcome());
  }

  @Test
  void failedAttemptsGetTheNextFreeNumber() {
    PlannedTrial trial = plan(SWEEP).trials().get(0);
    assertEquals(Map.of(), journal().lastAttempts());
    assertEquals(1, journal().record(attempt(trial, 1, Status.FAILED, 0)).number());
    assertEquals(2, journal().record(attempt(trial, 1, Status.CANCELLED, 1)).number());
    assertEquals(Map.of(trial.trial(), 2), journal().lastAttempts());
    assertEquals(
        List.of(Status.FAILED, Status.CANCELLED),
        journal().attempts(Set.of(trial.trial())).stream().map(Attempt::outcome).toList());
    assertEquals(List.of(), journal().attempts(Set.of("other")));
  }

  @Test
  void lossesThatAreNotFiniteReadBackAsNotANumber() {
    PlannedTrial trial = plan(SWEEP).trials().get(0);
    EpochResult epoch =
        new EpochResult(
            1,
            0.1,
            Double.POSITIVE_INFINITY,
            0,
            0.5,
            Optional.empty(),
            Optional.of(new Evaluation(Double.NaN, 0.5, new int[] {1, 0, 0, 1})),
            1,
            10);
    Segment segment = segment(trial, List.of(epoch), attempt(trial, 1, Status.COMPLETED, 1));
    journal().publish(segment);
    EpochResult read = journal().segment(trial).orElseThrow().epochs().get(0);
    assertTrue(Double.isNaN(read.trainLoss()));
    assertTrue(Double.isNaN(read.test().orElseThrow().loss()));
    assertTrue(read.validation().isEmpty());
  }

  private Plan plan(String sweep) {
    return Plans.of(folder, sweep);
  }

  private Journal journal() {
    return RunFolder.at(folder.resolve("run").toString()).journal();
  }

  /** Records with arrays are not equal by value. */
  private static String text(Segment segment) {
    return segment.epochs().toString().replaceAll("@[0-9a-f]+", "");
  }

  /** With an area that is not defined, and curves in the first epoch, which is the best. */
  private static Evaluation evaluation(int epoch) {
    RocCurve curve =
        new RocCurve(
            new double[] {Double.NaN, 0.75, 0.25}, new int[] {0, 1, 2}, new int[] {0, 3, 3});
    return new Evaluation(
        0.5,
        0.8,
        Confusion.of(new int[] {1, 2, 3, 4}),
        0.9,
        0.01,
        new double[] {0.75, Double.NaN},
        epoch == 1 ? List.of(curve, curve) : List.of());
  }

  static Segment segment(PlannedTrial trial, int attempt, Status outcome, int epochs) {
    List<EpochResult> results = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      results.add(
          new EpochResult(
              epoch,
              0.1,
              1.0 / epoch,
              0.01,
              0.5,
              Optional.of(evaluation(epoch)),
              Optional.of(new Evaluation(0.7, 0.3, new int[] {1, 0, 0, 1})),
              Optional.of(new Evaluation(0.6, 0.4, new int[] {1, 2, 3, 4})),
              List.of(
                  new LayerResult(1, 0.01, 0.1, Double.NaN, Double.NaN, 0.25, 3, -0.5, 1),
                  new LayerResult(2, 0.02, 0.2, 0.03, 0.3, 0, 4, 0.5, epoch)),
              0.5,
              200));
    }
    return segment(trial, results, attempt(trial, attempt, outcome, epochs));
  }

  static Segment segment(PlannedTrial trial, List<EpochResult> epochs, Attempt attempt) {
    return new Segment(
        trial.lineage(),
        1,
        trial.spec().training().epochs(),
        trial.config(),
        attempt,
        "plain",
        42,
        "f00d",
        "",
        List.of("cat", "dog"),
        epochs);
  }

  static Attempt attempt(PlannedTrial trial, int number, Status outcome, int epochs) {
    return new Attempt(
        trial.trial(),
        number,
        "host",
        "driver",
        Instant.parse("2026-01-02T03:04:05.678901234Z"),
        Instant.parse("2026-01-02T03:04:06Z"),
        outcome,
        outcome == Status.COMPLETED ? "" : "cause",
        epochs,
        0);
  }
}
