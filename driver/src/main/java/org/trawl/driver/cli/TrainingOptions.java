package org.trawl.driver.cli;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkContext;
import org.trawl.core.kernel.Kernels;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.spark.CoreTraining;
import org.trawl.driver.spark.Requirements;
import org.trawl.driver.spark.SparkSessions;
import org.trawl.driver.spark.Training;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.Option;

/** The options of the verbs that train; a mixin. */
final class TrainingOptions {
  @Option(
      names = "--master",
      paramLabel = "MASTER",
      description =
          "Spark's master: local[N], spark://host:port, yarn, k8s://… (default: local[*])")
  private Optional<String> master = Optional.empty();

  @Option(
      names = "--kernels",
      paramLabel = "KERNELS",
      defaultValue = "auto",
      description =
          "auto, vector or plain (default: auto, vector where the JVM has what that takes);"
              + " the results are the same")
  private Kernels.Choice kernels;

  /**
   * How to train.
   *
   * @throws InputException if the kernels cannot run here
   * @throws InfrastructureException if nothing can be trained right here
   */
  Training training() {
    Requirements.check();
    Training training = new CoreTraining(kernels);
    try {
      training.kernels();
    } catch (IllegalArgumentException refused) {
      throw new InputException("--kernels: " + refused.getMessage());
    }
    return training;
  }

  /**
   * Looks whether there is somewhere to train.
   *
   * @throws InputException if there is no such kind of master
   * @throws InfrastructureException if it cannot be reached
   */
  void requireMaster() {
    SparkSessions.requireUsable(master);
  }

  /** Where to train. */
  SparkContext context(String name) {
    return SparkSessions.context(master, name);
  }

  /**
   * Where to train, once Spark has started; a cluster may take its time.
   *
   * @param cancelled asked now and then; ends the waiting
   * @return empty if the waiting was ended; the JVM should end too, as Spark may go on starting
   */
  Optional<SparkContext> context(String name, BooleanSupplier cancelled)
      throws InterruptedException {
    if (cancelled.getAsBoolean()) {
      return Optional.empty();
    }
    return new Background<>("trawl-start", () -> context(name)).await(cancelled);
  }
}
