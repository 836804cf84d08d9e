package org.trawl.driver.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.storage.Storage;
import org.trawl.core.network.InitialWeights;
import org.trawl.core.network.Tensor;
import org.trawl.driver.model.SafeTensors;
import org.trawl.driver.model.WeightFiles;
import org.trawl.driver.results.Plans;
import org.trawl.driver.sweep.InputException;

/** {@code network.initial} of a sweep file. */
class InitialWeightsTest {
  private static final String BASE =
      """
      data { source { format = csv, train = data.csv }, validation = 0 }
      network { hidden = [3] }
      training.learning-rate = 0.1
      """;

  @TempDir Path folder;

  @BeforeEach
  void data() throws IOException {
    Files.writeString(folder.resolve("data.csv"), "1,2,a\n2,1,b\n3,1,a\n");
    Files.createDirectory(folder.resolve("weights"));
  }

  private Path write(String name, Map<String, Tensor> tensors) throws IOException {
    return Files.write(folder.resolve(name), SafeTensors.of(Map.of(), tensors).encode());
  }

  private static Map<String, Tensor> biases(float first) {
    return Map.of("layers.0.bias", Tensor.of(new float[] {first, 0, 0}));
  }

  private PlannedTrial trial(String more) {
    return Plans.of(folder, BASE + more).trials().get(0);
  }

  @Test
  void aTrialIsNamedByTheContentOfItsWeightsAndNotByTheirPlace() throws IOException {
    write("a.safetensors", biases(1));
    write("weights/b.safetensors", biases(1));
    write("c.safetensors", biases(2));
    PlannedTrial none = trial("");
    PlannedTrial one = trial("network.initial = a.safetensors");
    assertEquals(none.trial(), trial("network.initial = none").trial());
    assertNotEquals(none.trial(), one.trial());
    assertEquals(one.trial(), trial("network.initial = weights/b.safetensors").trial());
    assertNotEquals(one.trial(), trial("network.initial = c.safetensors").trial());
    assertNotEquals(none.lineage(), one.lineage());
    assertEquals(
        folder.resolve("a.safetensors").toString(), one.spec().network().initial().address());
  }

  @Test
  void theResolvedSweepFindsItsWeightsFromAnywhere() throws IOException {
    write("a.safetensors", biases(1));
    Plan plan = Plans.of(folder, BASE + "sweep.network.initial = [none, a.safetensors]");
    assertEquals(2, plan.trials().size());
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Plan again = Plans.of(elsewhere, plan.sweep().resolved());
    assertEquals(
        plan.trials().stream().map(PlannedTrial::trial).toList(),
        again.trials().stream().map(PlannedTrial::trial).toList());
  }

  @Test
  void weightsThatAreNotTheNetworksAreRefusedAllAtOnce() throws IOException {
    Path file =
        write(
            "a.safetensors",
            Map.of(
                "layers.0.weight",
                new Tensor(List.of(2, 3), new float[6]),
                "layers.7.weight",
                Tensor.of(new float[3])));
    InputException refused =
        assertThrows(
            InputException.class, () -> Plans.of(folder, BASE + "network.initial = a.safetensors"));
    assertEquals(2, refused.problems().size(), refused.getMessage());
    assertTrue(
        refused
            .getMessage()
            .contains(
                "test.conf:4: network.initial: %s: layers.0.weight: expected shape [3, 2], found [2, 3]"
                    .formatted(file)),
        refused.getMessage());
    assertTrue(refused.getMessage().contains("layers.7.weight: expected one of layers.0.weight"));
  }

  @Test
  void whatIsNoSuchFileIsRefusedWithItsPlace() throws IOException {
    Files.writeString(folder.resolve("text.safetensors"), "these are no weights");
    for (String file : List.of("missing.safetensors", "text.safetensors", "weights")) {
      InputException refused =
          assertThrows(
              InputException.class, () -> Plans.of(folder, BASE + "network.initial = " + file));
      assertEquals(1, refused.problems().size());
      assertTrue(
          refused.getMessage().contains("test.conf:4: network.initial: "), refused.getMessage());
      assertTrue(
          refused.getMessage().contains(folder.resolve(file).toString()), refused.getMessage());
    }
    assertThrows(
        InputException.class, () -> Plans.of(folder, BASE + "network.initial = [a.safetensors]"));
  }

  @Test
  void weightsThatChangedSinceThePlanAreNotTrainedFrom() throws IOException {
    write("a.safetensors", biases(11));
    InitialWeights planned = trial("network.initial = a.safetensors").spec().network().initial();
    assertEquals(
        11, WeightFiles.tensors(planned, Storage.local()).get("layers.0.bias").values()[0]);
    InitialWeights other = new InitialWeights(planned.address(), "of another time");
    DataException refused =
        assertThrows(DataException.class, () -> WeightFiles.tensors(other, Storage.local()));
    assertTrue(refused.getMessage().contains("has changed since"), refused.getMessage());
  }
}
