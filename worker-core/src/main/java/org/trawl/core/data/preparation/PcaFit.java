package org.trawl.core.data.preparation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.eig.symm.SymmetricQREigenHelper_DDRM;
import org.ejml.dense.row.decomposition.eig.symm.SymmetricQrAlgorithm_DDRM;
import org.ejml.dense.row.decomposition.hessenberg.TridiagonalDecompositionHouseholder_DDRM;
import org.trawl.core.data.sample.DataException;

/**
 * Fits principal components: the eigenvectors of the covariance matrix (EJML's QR algorithm for
 * symmetric matrices, in the caller's thread), by falling eigenvalue. Of each, the sign is such
 * that its loading of the largest magnitude, the first of equal ones, is positive. Features that do
 * not vary have no part in it; components beyond those that vary are 0.
 */
public final class PcaFit {
  /** Samples whose contributions to the covariances are added while they are in the cache. */
  private static final int BLOCK = 64;

  private PcaFit() {}

  /**
   * All components of some rows, from which a number of them is taken.
   *
   * @param mean of each feature
   * @param values variances of the components, falling, times the number of rows
   * @param loadings [components][features], row-major: unit vectors
   * @param rows that they were fitted to
   */
  public record Basis(double[] mean, double[] values, float[] loadings, int rows) {}

  /**
   * Fits to some rows.
   *
   * @param samples reads them, as the step takes them
   * @throws DataException if no feature varies over them
   */
  static Basis basis(StageReader samples, int[] train) {
    FeatureForm form = samples.form();
    double[] mean = mean(samples, train);
    double[] covariance = covariance(samples, train, mean);
    int[] varying =
        IntStream.range(0, mean.length).filter(i -> covariance[i * mean.length + i] > 0).toArray();
    if (varying.length == 0) {
      throw cannot(form, "features that vary over the training part", "constant ones");
    }
    DMatrixRMaj vectors = new DMatrixRMaj(varying.length, varying.length);
    for (int i = 0; i < varying.length; i++) {
      for (int j = 0; j < varying.length; j++) {
        int first = varying[Math.min(i, j)];
        vectors.set(i, j, covariance[first * mean.length + varying[Math.max(i, j)]]);
      }
    }
    double[] values = decompose(form, vectors);
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> values[i]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    float[] loadings = new float[order.length * mean.length];
    for (int j = 0; j < order.length; j++) {
      int start = order[j] * varying.length;
      double sign = sign(vectors.data, start, varying.length);
      for (int i = 0; i < varying.length; i++) {
        loadings[j * mean.length + varying[i]] = (float) (sign * vectors.data[start + i]);
      }
    }
    double[] falling = Arrays.stream(order).mapToDouble(i -> Math.max(0, values[i])).toArray();
    return new Basis(mean, falling, loadings, train.length);
  }

  /**
   * Takes components of a basis.
   *
   * @throws DataException if it was fitted to fewer rows than there are to be components
   */
  static FittedStep.Pca of(PrepareStep.Pca step, FeatureForm form, Basis basis) {
    if (basis.rows() < Math.max(2, step.components())) {
      throw cannot(
          form, "at least as many training samples as components, and 2", "" + basis.rows());
    }
    int components =
        step.components() < 1
            ? componentsOf(step.components(), basis.values())
            : (int) step.components();
    int features = basis.mean().length;
    float[] loadings = new float[features * components];
    for (int j = 0; j < Math.min(components, basis.values().length); j++) {
      for (int i = 0; i < features; i++) {
        loadings[i * components + j] = basis.loadings()[j * features + i];
      }
    }
    float[] mean = new float[features];
    for (int i = 0; i < features; i++) {
      mean[i] = (float) basis.mean()[i];
    }
    return new FittedStep.Pca(mean, loadings, components);
  }

  private static double[] mean(StageReader samples, int[] train) {
    int features = samples.form().features();
    double[] mean = new double[features];
    for (int from = 0; from < train.length; from += BLOCK) {
      int count = Math.min(BLOCK, train.length - from);
      float[] block = samples.read(train, from, count);
      for (int row = 0; row < count; row++) {
        for (int i = 0; i < features; i++) {
          mean[i] += block[row * features + i];
        }
      }
    }
    for (int i = 0; i < features; i++) {
      mean[i] /= train.length;
    }
    return mean;
  }

  /** Times the number of rows; the upper triangle of features x features. */
  private static double[] covariance(StageReader samples, int[] train, double[] mean) {
    int features = mean.length;
    double[] covariance = new double[features * features];
    double[] centred = new double[BLOCK * features];
    for (int from = 0; from < train.length; from += BLOCK) {
      int count = Math.min(BLOCK, train.length - from);
      float[] block = samples.read(train, from, count);
      for (int row = 0; row < count; row++) {
        for (int i = 0; i < features; i++) {
          centred[row * features + i] = block[row * features + i] - mean[i];
        }
      }
      for (int i = 0; i < features; i++) {
        for (int row = 0; row < count; row++) {
          addRow(centred, row * features, i, features, covariance);
        }
      }
    }
    return covariance;
  }

  private static void addRow(
      double[] centred, int start, int i, int features, double[] covariance) {
    double factor = centred[start + i];
    int target = i * features;
    for (int j = i; j < features; j++) {
      covariance[target + j] += factor * centred[start + j];
    }
  }

  /** The eigenvalues, of what becomes the eigenvectors in rows. */
  private static double[] decompose(FeatureForm form, DMatrixRMaj matrix) {
    int size = matrix.numRows;
    TridiagonalDecompositionHouseholder_DDRM tridiagonal =
        new TridiagonalDecompositionHouseholder_DDRM();
    tridiagonal.decompose(matrix.copy());
    double[] diagonal = new double[size];
    double[] beside = new double[size];
    tridiagonal.getDiagonal(diagonal, beside);
    StrictRotations rotations = new StrictRotations();
    rotations.init(diagonal, beside, size);
    tridiagonal.getQ(matrix, true);
    rotations.setQ(matrix);
    if (!new SymmetricQrAlgorithm_DDRM(rotations).process(-1, null, null)) {
      throw cannot(form, "covariances whose eigenvectors can be found", "others");
    }
    return rotations.copyEigenvalues(new double[size]);
  }

  /** Which sign makes the loading of the largest magnitude positive. */
  private static double sign(double[] vectors, int start, int size) {
    int largest = start;
    for (int i = start; i < start + size; i++) {
      largest = Math.abs(vectors[i]) > Math.abs(vectors[largest]) ? i : largest;
    }
    return vectors[largest] < 0 ? -1 : 1;
  }

  /** The fewest components that have a share of the variance. */
  private static int componentsOf(double share, double[] values) {
    double total = sum(values);
    double sum = 0;
    int components = 0;
    while (components < values.length && sum < share * total) {
      sum += values[components++];
    }
    return components;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private static DataException cannot(FeatureForm form, String expected, String found) {
    return new DataException(
        "Cannot apply pca to %s: expected %s, found %s".formatted(form.name(), expected, found));
  }

  /**
   * EJML rotates by a random angle where its shifts do not converge, with sine and cosine that
   * differ between JVMs; these do not. The generator is EJML's own and always starts alike.
   */
  private static final class StrictRotations extends SymmetricQREigenHelper_DDRM {
    @Override
    protected void createBulge(int x1, double p, boolean byAngle) {
      super.createBulge(x1, byAngle ? shift(x1, p) : p, false);
    }

    @Override
    protected void createBulge2by2(int x1, double p, boolean byAngle) {
      super.createBulge2by2(x1, byAngle ? shift(x1, p) : p, false);
    }

    /** The shift whose rotation has an angle. */
    private double shift(int x1, double angle) {
      return diag[x1] - off[x1] * StrictMath.cos(angle) / StrictMath.sin(angle);
    }
  }
}
