package org.trawl.driver.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.trawl.driver.sweep.Catalogue;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.SweepReader;
import org.trawl.driver.sweep.Variant;

/** Trawl and its peers train the same. */
class BenchmarkFileTest {
  private static final Path HOME = Path.of(System.getProperty(Catalogue.HOME));

  @Test
  void itsVariantsAreTheWorkloadsOfThePeers() throws Exception {
    JsonNode workloads =
        new ObjectMapper()
            .readTree(HOME.resolve("worker-core/src/jmh/peers/workloads.json").toFile());
    Catalogue catalogue = Catalogue.installed();
    List<Variant> variants =
        SweepReader.read(HOME.resolve("sweeps/benchmark.conf"), List.of(), catalogue).variants();
    assertEquals(workloads.size(), variants.size());
    for (int index = 0; index < variants.size(); index++) {
      Variant variant = variants.get(index);
      assertEquals(workloads.get(index).get("name").asText(), variant.name());
      List<Point> points = Point.of(variant, catalogue);
      assertEquals(1, points.size());
      compare(workloads.get(index), points.get(0).values());
    }
  }

  private static void compare(JsonNode workload, Map<Key, Object> values) {
    List<Long> widths = new ArrayList<>(List.of(784L));
    ((List<?>) values.get(Keys.HIDDEN)).forEach(width -> widths.add((Long) width));
    widths.add(10L);
    List<Long> layers = new ArrayList<>();
    workload.get("layers").forEach(layer -> layers.add(layer.asLong()));
    assertEquals(layers, widths);
    assertEquals(workload.get("activation").asText(), values.get(Keys.ACTIVATION));
    assertEquals(workload.get("batch").asLong(), values.get(Keys.BATCH_SIZE));
    assertEquals(workload.get("optimizer").asText(), values.get(Keys.OPTIMIZER));
    assertEquals(workload.path("batch_norm").asBoolean(), values.get(Keys.BATCH_NORM));
    Map.of(
            "learning_rate", Keys.LEARNING_RATE,
            "momentum", Keys.MOMENTUM,
            "l2", Keys.L2,
            "dropout", Keys.DROPOUT)
        .forEach(
            (name, key) -> {
              double value = ((BigDecimal) values.get(key)).doubleValue();
              assertEquals(workload.path(name).asDouble(), value, name);
            });
    assertEquals(3L, values.get(Keys.EPOCHS));
    assertEquals(BigDecimal.ZERO, ((BigDecimal) values.get(Keys.VALIDATION)).stripTrailingZeros());
    assertEquals("fashion-mnist", values.get(Keys.SOURCE));
  }
}
