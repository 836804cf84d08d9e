package org.trawl.driver.plan;

import org.trawl.core.data.DataSpec.Part;
import org.trawl.core.data.Dataset;
import org.trawl.core.data.Samples;
import org.trawl.core.network.Layout;
import org.trawl.core.network.Layout.LayerShape;
import org.trawl.core.optimizer.OptimizerSpec;
import org.trawl.core.training.TrialSpec;

/**
 * What a trial takes, estimated from its specification.
 *
 * @param parameters weights and biases
 * @param bytes of memory, without the data set: parameters, gradient, the optimizer's state, and a
 *     batch's arrays
 * @param multiplyAdds of all its epochs: each sample forward, and back to weights and to inputs
 * @param seconds on one core, roughly
 */
public record Workload(long parameters, long bytes, double multiplyAdds, double seconds) {
  /**
   * Multiply-adds a second of a trial whose layers are neither narrow nor wide, and what a sample
   * takes besides: measured with the plain kernels on one core, on digits and Fashion-MNIST, where
   * the whole came to 0.5 to 3.5 thousand millions a second.
   */
  private static final double MULTIPLY_ADDS_A_SECOND = 2e9;

  private static final double SECONDS_A_SAMPLE = 3e-6;

  private static final long FLOAT = 4;

  /** Arrays a unit of a layer has for each sample: activation, output, mask and derivative. */
  private static final int ARRAYS = 4;

  /**
   * Estimates a trial.
   *
   * @throws IllegalArgumentException if its parameters are too many for one array
   */
  public static Workload of(TrialSpec trial, Dataset dataset) {
    Layout layout = Layout.of(trial.network(), dataset.features(), dataset.classes().size());
    long rows = trainingRows(trial, dataset);
    long batch = Math.min(trial.training().batchSize(), rows);
    long weights =
        layout.layers().stream().mapToLong(shape -> (long) shape.inputs() * shape.outputs()).sum();
    long units = layout.layers().stream().mapToLong(LayerShape::outputs).sum();
    long copies = 2 + moments(trial.training().optimizer());
    long values =
        copies * layout.parameters() + weights + batch * (dataset.features() + ARRAYS * units);
    double samples = (double) rows * trial.training().epochs();
    double multiplyAdds = 3.0 * weights * samples;
    return new Workload(
        layout.parameters(),
        FLOAT * values,
        multiplyAdds,
        multiplyAdds / MULTIPLY_ADDS_A_SECOND + samples * SECONDS_A_SAMPLE);
  }

  /** Bytes of a data set in memory. */
  public static long bytes(Dataset dataset) {
    long values = (long) dataset.samples().rows() * dataset.samples().columns();
    return values * (dataset.samples() instanceof Samples.Bytes ? 1 : FLOAT)
        + FLOAT * dataset.labels().length;
  }

  private static long moments(OptimizerSpec optimizer) {
    if (optimizer instanceof OptimizerSpec.Sgd sgd) {
      return sgd.momentum() > 0 ? 1 : 0;
    }
    boolean two =
        optimizer instanceof OptimizerSpec.Adam || optimizer instanceof OptimizerSpec.AdamW;
    return two ? 2 : 1;
  }

  private static long trainingRows(TrialSpec trial, Dataset dataset) {
    long rows = trial.data().pooled() ? dataset.samples().rows() : dataset.trainRows();
    if (trial.data().limit() > 0) {
      rows = Math.min(rows, trial.data().limit());
    }
    if (trial.data().folds() > 0) {
      rows -= rows / trial.data().folds();
    }
    long held = held(trial.data().validation(), rows) + held(trial.data().test(), rows);
    return Math.max(1, rows - held);
  }

  private static long held(Part part, long rows) {
    return Math.round(part.size() < 1 ? part.size() * rows : part.size());
  }
}
