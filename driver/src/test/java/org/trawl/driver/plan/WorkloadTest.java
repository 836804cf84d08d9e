package org.trawl.driver.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.network.Layout;
import org.trawl.core.training.SeedStreams;
import org.trawl.core.training.Trainer;
import org.trawl.core.training.TrialSpec;
import org.trawl.driver.results.Plans;
import org.trawl.driver.spark.CoreTraining;

/** The memory that a plan counts on, against the arrays that a training really holds. */
class WorkloadTest {
  /** Besides a layer's copy, and confusions, which a training does not hold all the time. */
  private static final double MOST = 1.05;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "network { hidden = [500, 250, 100] }",
        "network { hidden = [500, 250, 100] }, training.optimizer = adam",
        "network { hidden = [300] }, training { momentum = 0.9, clip.norm = 1 }",
        "network { hidden = [40, 40, 40], dropout = 0.2 }, training.batch-size = all",
        "network { hidden = [40, 200], dropout = [0, 0.2] }, training.batch-size = 1000",
        "network { hidden = [100, 30], batch-norm = true }, training.batch-size = 1000",
        "network { hidden = [100, 30], activation = lecun-tanh }, training.batch-size = 1000",
        "network.hidden = [70], training { batch-size = 900, noise { sigma = 1, into = inputs } }",
        "network.hidden = [70], training { batch-size = 900, noise.sigma = 1 }",
        "network.hidden = [70], training { batch-size = 9, noise { sigma = 1, into = gradients } }",
        "network.hidden = [5], data.validation = 0",
        "network.hidden = [5], training { batch-size = 1, evaluate-train = true }",
        "network { hidden = [900] }, training.early-stopping.patience = 2",
        "network { hidden = [3000] }, training { batch-size = 1, diagnostics = false }",
        "network.hidden = [], training.optimizer = rmsprop",
        "network.hidden = [3000, 3000], training.optimizer = adagrad",
      })
  void theBytesAreThoseOfTheArrays(String keys) throws Exception {
    Plan plan =
        Plans.of(
            folder,
            """
            data { source = digits, validation = 0.2, prepare = [unit] }
            training { learning-rate = 0.1, epochs = 1 }
            %s
            """
                .formatted(keys.replace("], ", "]\n").replace("}, ", "}\n")));
    TrialSpec trial = plan.trials().get(0).spec();
    Dataset dataset = plan.datasets().get(0);
    long seed = SeedStreams.trialSeed(plan.sweep().seed(), 1, 0);
    CoreTraining training = new CoreTraining(Kernels.Choice.AUTO);
    TrainingData data = training.load(trial, seed);
    Constructor<Trainer> constructor =
        Trainer.class.getDeclaredConstructor(TrialSpec.class, TrainingData.class, Kernels.class);
    constructor.setAccessible(true);
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    seen.add(data);
    double arrays = bytes(constructor.newInstance(trial, data, Kernels.best()), seen);
    double counted = Workload.of(trial, dataset).bytes();
    String both = String.format(Locale.ROOT, "%,.0f counted, %,.0f are held", counted, arrays);
    assertTrue(counted >= 0.99 * arrays, both);
    double largestLayer =
        Layout.of(trial.network(), 64, 10).layers().stream()
            .mapToDouble(layer -> 4.0 * layer.inputs() * layer.outputs())
            .max()
            .orElseThrow();
    assertTrue(counted <= MOST * arrays + largestLayer + 20_000, both);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void theMultiplyAddsAreThreeASampleAndWeight(int epochs) {
    Plan plan =
        Plans.of(
            folder,
            String.format(
                Locale.ROOT,
                """
            data { source = digits, limit = 1000, validation = 100, prepare = [unit] }
            network.hidden = [10]
            training { learning-rate = 0.1, epochs = %d }
            """,
                epochs));
    Workload workload = Workload.of(plan.trials().get(0).spec(), plan.datasets().get(0));
    assertEquals(64 * 10 + 10 + 10 * 10 + 10, workload.parameters());
    assertEquals(3.0 * (64 * 10 + 10 * 10) * 900 * epochs, workload.multiplyAdds());
  }

  /**
   * Half a minute by fixed costs, written out: all machines must cut alike, and later versions too.
   */
  @ParameterizedTest
  @CsvSource({"64, 1, 32", "64, 3, 32", "64, 7, 32", "64, 999, 32", "3, 49, 32", "64, 3, 2"})
  void aSegmentDependsOnTheSpecificationButNotOnTheEpochs(int hidden, int epochs, int batch) {
    Plan plan =
        Plans.of(
            folder,
            String.format(
                Locale.ROOT,
                """
            data { source = digits, validation = 0, prepare = [unit] }
            network.hidden = [%d]
            training { learning-rate = 0.1, epochs = %d, batch-size = %d }
            """,
                hidden,
                epochs,
                batch));
    int rows = 1797;
    double weights = 64.0 * hidden + hidden * 10.0;
    double step = 5e-6 + (weights + hidden + 10) * 5e-10;
    double seconds =
        3 * weights * rows / 4e10 + rows * 1.5e-6 + Math.ceil((double) rows / batch) * step;
    assertEquals(
        (int) Math.ceil(30 / seconds),
        Workload.of(plan.trials().get(0).spec(), plan.datasets().get(0)).epochsOfSegment());
  }

  /** Bytes of the arrays of numbers that an object of the core leads to, each counted once. */
  private static long bytes(Object object, Set<Object> seen) throws IllegalAccessException {
    if (object == null || !seen.add(object)) {
      return 0;
    }
    Class<?> type = object.getClass();
    long bytes = 0;
    if (type.isArray()) {
      int length = Array.getLength(object);
      if (type.getComponentType().isPrimitive()) {
        assertTrue(
            Set.of(float[].class, int[].class, double[].class, long[].class).contains(type),
            type.getName());
        return (type == double[].class || type == long[].class ? 8L : 4L) * length;
      }
      for (int index = 0; index < length; index++) {
        bytes += bytes(Array.get(object, index), seen);
      }
    }
    if (!type.getName().startsWith("org.trawl.core.") || type.isEnum()) {
      return bytes;
    }
    for (Class<?> part = type; part != Object.class; part = part.getSuperclass()) {
      for (Field field : part.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          bytes += bytes(field.get(object), seen);
        }
      }
    }
    return bytes;
  }
}
