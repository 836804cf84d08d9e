package org.trawl.driver.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.driver.plan.Cost.Work;
import org.trawl.driver.results.Plans;

class CostTest {
  @TempDir private Path folder;

  private Plan plan(String keys) {
    return Plans.of(
        folder,
        "data.source = digits\ntraining.learning-rate = 0.1\n"
            + "network.hidden = [10]\ndata.validation = 0.2\n"
            + keys);
  }

  private Cost cost(String keys) {
    Plan plan = plan(keys);
    return Cost.of(plan.trials().get(0).spec(), plan.size(plan.trials().get(0)));
  }

  private Map<Work, Double> training(String keys) {
    Plan plan = plan(keys);
    return Cost.training(plan.trials().get(0).spec(), plan.size(plan.trials().get(0)));
  }

  private Map<Work, Double> evaluation(String keys) {
    Plan plan = plan(keys);
    return Cost.evaluation(plan.trials().get(0).spec(), plan.size(plan.trials().get(0)));
  }

  /** 1,797 samples of 64 features, 359 of them for validation; 10 outputs fill a panel of 16. */
  @Test
  void workIsCountedAsItIsDone() {
    Map<Work, Double> work = training("training.batch-size = 100");
    double rows = 1438;
    // Forth and the gradient of both layers, and from the second one back to the first.
    assertEquals(
        2 * 64 * 16 * rows + 2 * 10 * 16 * rows + 10 * 16 * rows, work.get(Work.NARROW_PRODUCTS));
    assertEquals(2 * 15, work.get(Work.LAYERS));
    assertEquals(rows, work.get(Work.SAMPLES));
    assertEquals(16 * rows, work.get(Work.VALUES));
    assertEquals(15 * (65 + 11) * 16, work.get(Work.UPDATES));
    assertEquals(2 * 16 * rows, work.get(Work.WATCHED_VALUES));
    assertEquals(3590, evaluation("").get(Work.RANKED_OUTPUTS));
    assertEquals(17_970, evaluation("training.evaluate-train = true").get(Work.RANKED_OUTPUTS));
  }

  @Test
  void whatIsEvaluatedIsWhatIsHeldOut() {
    assertEquals(359 + 359, evaluation("data.test = 0.2").get(Work.SAMPLES));
    assertEquals(20, evaluation("data.limit = 100").get(Work.SAMPLES));
    assertEquals(359, evaluation("data { validation = 0, folds = 5 }").get(Work.SAMPLES));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "network.hidden = [40]",
        "network.hidden = [10, 10]",
        "network.activation = tanh",
        "network.dropout = 0.2",
        "network.batch-norm = true",
        "training.optimizer = adam",
        "training.batch-size = 8",
        "training.l2 = 0.1",
        "training.clip.norm = 1",
        "training.noise.sigma = 1",
        "training.noise { sigma = 1, into = inputs }",
        "training.noise { sigma = 1, into = gradients }",
        "training.evaluate-train = true",
        "data.augment { noise-sigma = 1, copies = 1 }"
      })
  void whatIsDoneBesidesCostsMore(String more) {
    Cost plain = cost("");
    Cost other = cost(more);
    assertTrue(other.ofEpochs(1) > plain.ofEpochs(1), plain + " " + other);
    assertEquals(10 * other.ofEpochs(1), other.ofEpochs(10), 1e-9);
    assertTrue(cost("training.diagnostics = false").ofEpochs(1) < plain.ofEpochs(1));
  }

  /**
   * Where a trial is cut belongs to what it is: estimates may become better, that may not change.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"training.optimizer = adam", "training.l2 = 0.1", "network.activation = tanh"})
  void whatATrialCostsDoesNotCutIt(String keys) {
    Plan plain = plan("");
    Plan other = plan(keys);
    assertTrue(cost(keys).ofEpochs(1) > cost("").ofEpochs(1));
    assertEquals(
        plain.workload(plain.trials().get(0)).epochsOfSegment(),
        other.workload(other.trials().get(0)).epochsOfSegment());
  }
}
