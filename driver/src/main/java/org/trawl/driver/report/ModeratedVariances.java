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
 * are not taken for equal ones too easily. More than 1/2, where true variances have no mean, is for
 * sweeps with points at the edge of divergence, of thousand times the variance of others, and is
 * believed on strong evidence only: its weight before is 1/400. (A d0 by winsorized logarithms, as
 * by Phipson et al., Annals of Applied Statistics 10, 2016, makes such points' variances smaller
 * than they are: it was tried and had the best of such points wrongly win.) Fewer than {@value
 * #FEWEST} variances do not tell how much variances differ, and are taken for equal.
 *
 * @param priorDegrees d0
 * @param priorVariance s0^2
 * @param moderated one a variance, in their order
 */
record ModeratedVariances(double priorDegrees, double priorVariance, double[] moderated) {
  private static final int FEWEST = 6;

  /** Values of 1/d0: up to the first limit by the first step, then by the second. */
  private static final double USUAL = 0.5;

  private static final double STEP = 0.01;
  private static final double LONG_STEP = 0.05;
  private static final double MOST = 4;

  /** The logarithm of the weight of each value beyond the usual. */
  private static final double UNUSUAL = -6;

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
    int usual = (int) Math.round(USUAL / STEP);
    int count = usual + 1 + (int) Math.round((MOST - USUAL) / LONG_STEP);
    double[] inverse = new double[count];
    double[] likelihood = new double[count];
    double[] scale = new double[count];
    for (int i = 0; i < count; i++) {
      inverse[i] = i <= usual ? STEP * i : USUAL + LONG_STEP * (i - usual);
      scale[i] = model.scale(inverse[i], i == 0 ? 1 : scale[i - 1]);
      likelihood[i] = model.logarithm(inverse[i], scale[i]) + (i <= usual ? 0 : UNUSUAL);
    }
    double largest = Arrays.stream(likelihood).max().orElseThrow();
    double weights = 0;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double step = i <= usual ? STEP : LONG_STEP;
      double share = i == 0 || i == usual || i == count - 1 ? step / 2 : step; // trapezoids
      double weight = share * Math.exp(likelihood[i] - largest);
      weights += weight;
      sum += weight * inverse[i];
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
