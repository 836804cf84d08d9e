package org.trawl.driver.report;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Gamma;

/**
 * Variances of many groups, each of a few values, that borrow from each other: a variance of two or
 * three values alone says next to nothing.
 *
 * <p>The model is that of Smyth ("Linear models and empirical Bayes methods for assessing
 * differential expression in microarray experiments", Statistical Applications in Genetics and
 * Molecular Biology 3, 2004): the true variances are {@code priorDegrees * priorVariance} over
 * chi-squares of {@code priorDegrees} degrees, and so what is measured is F distributed. A
 * variance's moderated value is {@code (d0 s0^2 + d s^2) / (d0 + d)}: its posterior mean of the
 * precision, inverted.
 *
 * <p>Smyth takes d0 and s0^2 from the mean and the variance of the logarithms. Of variances of two
 * values these are ruled by the smallest few: of 11 groups with equal variances 0.4 degrees were
 * found where there are infinitely many, as one of two residuals about a median is 0. So both are
 * taken from the likelihood (Wright and Simon, "A random variance model for detection of
 * differential gene expression in small microarray experiments", Bioinformatics 19, 2003), which
 * zeros do not disturb: s0^2 where it is largest for a d0, and 1/d0 as its mean under a likelihood
 * with s0^2 so, all values from 0 to 1/2 alike before. As this is no single best value, few groups
 * are not taken for equal ones too easily. Fewer than {@value #FEWEST} variances do not tell how
 * much variances differ, and are taken for equal.
 *
 * <p>Less than 2 degrees, where true variances have no mean, are not believed: a few points at the
 * edge of divergence, whose variances are thousands of times those of the others, would else take
 * the power from all comparisons (with 2 repeats a loss of 1.95 would not be told from 0.14). Nor
 * is d0 taken from winsorized logarithms (Phipson et al., "Robust hyperparameter estimation
 * protects against hypervariable genes", Annals of Applied Statistics 10, 2016): it was tried,
 * finds more degrees, makes such points' variances smaller than they are, and kept the best in 65
 * to 85 of 100 sweeps with one of them in twenty.
 *
 * @param priorDegrees d0
 * @param priorVariance s0^2
 * @param moderated one a variance, in their order
 */
record ModeratedVariances(double priorDegrees, double priorVariance, double[] moderated) {
  private static final int FEWEST = 6;

  /** The values of 1/d0: 0 to 1/2. */
  private static final double STEP = 0.01;

  private static final int STEPS = 50;

  /** The largest relative change of s0^2 that is none. */
  private static final double CONVERGED = 1e-10;

  private static final int MOST_ITERATIONS = 200;

  /**
   * Moderates variances.
   *
   * @param variances more than 0, at least one
   * @param degrees of freedom of each, at least 1
   */
  static ModeratedVariances of(double[] variances, int[] degrees) {
    Likelihood model = new Likelihood(variances, degrees);
    if (variances.length < FEWEST) {
      double[] equal = new double[variances.length];
      Arrays.fill(equal, model.unit);
      return new ModeratedVariances(Double.POSITIVE_INFINITY, model.unit, equal);
    }
    double[] likelihood = new double[STEPS + 1];
    double scale = 1;
    for (int i = 0; i <= STEPS; i++) {
      scale = model.scale(STEP * i, scale);
      likelihood[i] = model.logarithm(STEP * i, scale);
    }
    double largest = Arrays.stream(likelihood).max().orElseThrow();
    double weights = 0;
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
      double share = i == 0 || i == STEPS ? 0.5 : 1; // trapezoids
      double weight = share * Math.exp(likelihood[i] - largest);
      weights += weight;
      sum += weight * STEP * i;
    }
    double mean = sum / weights;
    double degreesBefore = 1 / mean;
    double variance = model.unit * model.scale(mean, 1);
    double[] moderated = new double[variances.length];
    for (int i = 0; i < moderated.length; i++) {
      moderated[i] =
          (degreesBefore * variance + degrees[i] * variances[i]) / (degreesBefore + degrees[i]);
    }
    return new ModeratedVariances(degreesBefore, variance, moderated);
  }

  /** How likely variances are, in a unit that is their mean. */
  private static final class Likelihood {
    private final double unit;
    private final double[] variances;
    private final int[] degrees;
    private final Map<Integer, Long> counts;

    Likelihood(double[] variances, int[] degrees) {
      double sum = 0;
      int sumOfDegrees = 0;
      for (int i = 0; i < variances.length; i++) {
        sum += degrees[i] * variances[i];
        sumOfDegrees += degrees[i];
      }
      this.unit = sum / sumOfDegrees;
      this.variances = Arrays.stream(variances).map(variance -> variance / unit).toArray();
      this.degrees = degrees;
      this.counts =
          Arrays.stream(degrees)
              .boxed()
              .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /** The most likely s0^2 of a d0, by the steps of expectation and maximization. */
    double scale(double inverse, double begin) {
      if (inverse == 0) {
        return 1;
      }
      double before = 1 / inverse;
      double scale = begin;
      for (int i = 0; i < MOST_ITERATIONS; i++) {
        double precision = 0;
        for (int j = 0; j < variances.length; j++) {
          precision += (before + degrees[j]) / (before * scale + degrees[j] * variances[j]);
        }
        double next = variances.length / precision;
        boolean converged = Math.abs(next - scale) <= CONVERGED * scale;
        scale = next;
        if (converged) {
          break;
        }
      }
      return scale;
    }

    /** The logarithm of the density, but for what is the same for all d0. */
    double logarithm(double inverse, double scale) {
      double sum = 0;
      if (inverse == 0) {
        for (Map.Entry<Integer, Long> count : counts.entrySet()) {
          double half = count.getKey() / 2.0;
          sum += count.getValue() * (half * Math.log(half / scale) - Gamma.logGamma(half));
        }
        for (int i = 0; i < variances.length; i++) {
          sum -= degrees[i] * variances[i] / (2 * scale);
        }
        return sum;
      }
      double before = 1 / inverse;
      for (Map.Entry<Integer, Long> count : counts.entrySet()) {
        double half = count.getKey() / 2.0;
        double ofOne =
            half * Math.log(count.getKey() / (before * scale)) - Beta.logBeta(half, before / 2);
        sum += count.getValue() * ofOne;
      }
      for (int i = 0; i < variances.length; i++) {
        double ratio = degrees[i] * variances[i] / (before * scale);
        sum -= (before + degrees[i]) / 2 * Math.log1p(ratio);
      }
      return sum;
    }
  }
}
