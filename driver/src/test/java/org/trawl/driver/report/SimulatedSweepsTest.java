package org.trawl.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.TDistribution;
import org.junit.jupiter.api.Test;

/**
 * Comparisons with the best on sweeps whose truth is known: normal values about each point's mean,
 * with the effects of seeds, that are twice as large, in all points alike. The best is looked for
 * where it is hardest to keep, all means equal, and where means are spread. The numbers of sweeps
 * are for a test of some seconds; {@code main} has as many as are told it, and prints what is
 * found.
 */
class SimulatedSweepsTest {
  private static final int EQUAL = 0;

  /** How often the best is kept may be less by chance: in so many standard errors. */
  private static final double ERRORS = 2.5;

  private static final List<Integer> REPEATS = List.of(2, 3, 5, 10);

  /** What was found in the sweeps of one kind. */
  private record Found(int sweeps, int kept, int farKept, double share, double told) {
    double hits() {
      return kept / (double) sweeps;
    }

    /** Whether the best is kept as often, but for chance. */
    boolean atLeast(double wanted) {
      return hits() >= wanted - ERRORS * Math.sqrt(wanted * (1 - wanted) / sweeps);
    }
  }

  /**
   * Simulates sweeps. Point 0 is the best; with equal variances the last is 10 deviations worse.
   *
   * @param degrees of the scaled inverse chi-squares that variances are; {@link #EQUAL} for 1
   * @param spread the standard deviation of the means of the others, which are no better
   */
  private static Found simulate(
      int points, int repeats, int degrees, double spread, int sweeps, Random random) {
    int kept = 0;
    int farKept = 0;
    double share = 0;
    double told = 0;
    for (int sweep = 0; sweep < sweeps; sweep++) {
      double[][] values = sweep(points, repeats, degrees, spread, random);
      ComparisonsWithBest hsu = new ComparisonsWithBest(values, 0);
      kept += hsu.kept(0) ? 1 : 0;
      farKept += degrees == EQUAL && hsu.kept(points - 1) ? 1 : 0;
      share += hsu.keptGroups().size() / (double) points / sweeps;
      told += hsu.told() / sweeps;
    }
    return new Found(sweeps, kept, farKept, share, told);
  }

  private static double[][] sweep(
      int points, int repeats, int degrees, double spread, Random random) {
    double[] seeds = random.doubles(repeats).map(x -> 2 * random.nextGaussian()).toArray();
    double[] means = IntStream.range(0, points).mapToDouble(i -> random.nextGaussian()).toArray();
    double largest = Arrays.stream(means).max().orElseThrow();
    double[][] values = new double[points][repeats];
    for (int i = 0; i < points; i++) {
      double deviation = degrees == EQUAL ? 1 : Math.sqrt(degrees / chiSquare(degrees, random));
      boolean far = degrees == EQUAL && i == points - 1;
      double mean = i == 0 ? 0 : far ? -10 : spread * (means[i] - largest);
      for (int repeat = 0; repeat < repeats; repeat++) {
        values[i][repeat] = mean + seeds[repeat] + deviation * random.nextGaussian();
      }
    }
    return values;
  }

  private static double chiSquare(int degrees, Random random) {
    double sum = 0;
    for (int i = 0; i < degrees; i++) {
      double normal = random.nextGaussian();
      sum += normal * normal;
    }
    return sum;
  }

  private static void check(int points, int sweeps, boolean print) {
    Random random = new Random(points);
    for (int degrees : new int[] {EQUAL, 8, 4, 2}) {
      for (double spread : new double[] {0, 1}) {
        for (int repeats : REPEATS) {
          Found found = simulate(points, repeats, degrees, spread, sweeps, random);
          String what =
              String.format(
                  Locale.ROOT,
                  "%d points, %d repeats, d0 %s, means %s: best kept in %.4f of %d, the far one in"
                      + " %d, %.3f of all kept, told %.2f",
                  points,
                  repeats,
                  degrees == EQUAL ? "infinite" : degrees,
                  spread == 0 ? "equal" : "spread",
                  found.hits(),
                  sweeps,
                  found.farKept(),
                  found.share(),
                  found.told());
          if (print) {
            System.out.println(what);
          } else {
            assertTrue(found.atLeast(degrees == 2 ? 0.9 : 0.95), what);
            assertEquals(0, found.farKept(), what);
          }
        }
      }
    }
  }

  @Test
  void tenPoints_theBestIsKeptAndAFarOneNever() {
    check(10, 250, false);
  }

  @Test
  void fiftyPoints_theBestIsKeptAndAFarOneNever() {
    check(50, 60, false);
  }

  @Test
  void fiveHundredPoints_theBestIsKeptAndAFarOneNever() {
    check(500, 6, false);
  }

  @Test
  void atThreeRepeatsTheSetIsAtMostAThirdOfThatOfPairedTests() {
    Random random = new Random(3);
    for (int points : new int[] {50, 150}) {
      double[] sizes = sizes(points, 5, 20, random);
      assertTrue(3 * sizes[0] <= sizes[1], () -> points + " points: " + Arrays.toString(sizes));
    }
  }

  @Test
  void pointsAtTheEdgeOfDivergenceDoNotKeepTheOthersFromBeingTold() {
    for (int repeats : new int[] {2, 3}) {
      Found found = unstable(50, repeats, 100, new Random(4));
      assertTrue(found.atLeast(0.95), found::toString);
      assertTrue(found.share() < 0.5, found::toString);
    }
  }

  /**
   * Sweeps in which every tenth point is 30 deviations worse than the best, and its own deviation
   * is 30 times as large; the others' means are spread by 5.
   */
  private static Found unstable(int points, int repeats, int sweeps, Random random) {
    int kept = 0;
    double share = 0;
    double told = 0;
    for (int sweep = 0; sweep < sweeps; sweep++) {
      double[][] values = sweep(points, repeats, EQUAL, 5, random);
      for (int i = 1; i < points; i += 10) {
        for (int repeat = 0; repeat < repeats; repeat++) {
          values[i][repeat] = -30 + 30 * random.nextGaussian();
        }
      }
      ComparisonsWithBest hsu = new ComparisonsWithBest(values, 0);
      kept += hsu.kept(0) ? 1 : 0;
      share += hsu.keptGroups().size() / (double) points / sweeps;
      told += hsu.told() / sweeps;
    }
    return new Found(sweeps, kept, 0, share, told);
  }

  /** The mean sizes of the sets: by comparisons with the best, and by paired tests. */
  private static double[] sizes(int points, double spread, int sweeps, Random random) {
    double[] sizes = new double[2];
    for (int sweep = 0; sweep < sweeps; sweep++) {
      double[][] values = sweep(points, 3, 4, spread, random);
      sizes[0] += new ComparisonsWithBest(values, 0).keptGroups().size() / (double) sweeps;
      sizes[1] += keptByPairedTests(values) / (double) sweeps;
    }
    return sizes;
  }

  /** Two-sided paired t-tests against the best mean, p by Holm's method above 0.05. */
  private static int keptByPairedTests(double[][] values) {
    double[] means = Arrays.stream(values).mapToDouble(SimulatedSweepsTest::mean).toArray();
    int best =
        IntStream.range(0, means.length)
            .reduce((one, other) -> means[other] > means[one] ? other : one)
            .orElseThrow();
    int repeats = values[0].length;
    TDistribution law = new TDistribution(null, repeats - 1);
    List<Double> p = new ArrayList<>();
    for (int i = 0; i < means.length; i++) {
      double[] differences = new double[repeats];
      for (int repeat = 0; repeat < repeats; repeat++) {
        differences[repeat] = values[best][repeat] - values[i][repeat];
      }
      double mean = mean(differences);
      double squares = Arrays.stream(differences).map(x -> (x - mean) * (x - mean)).sum();
      double error = Math.sqrt(squares / (repeats - 1) / repeats);
      if (i != best) {
        p.add(2 * law.cumulativeProbability(-Math.abs(mean / error)));
      }
    }
    p.sort(null);
    int worse = 0;
    while (worse < p.size() && (p.size() - worse) * p.get(worse) <= 0.05) {
      worse++;
    }
    return means.length - worse;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  /** Prints what is found in more sweeps: their number for 10 points, and less for more. */
  public static void main(String[] arguments) {
    int sweeps = Integer.parseInt(arguments[0]);
    for (int points : new int[] {10, 20, 50, 150, 500}) {
      check(points, Math.max(100, 10 * sweeps / points), true);
    }
    for (int points : new int[] {10, 50, 150}) {
      for (int repeats : REPEATS) {
        Found found = unstable(points, repeats, 200, new Random(4));
        System.out.println(points + " points, a tenth of them unstable, " + repeats + ": " + found);
      }
    }
    for (int points : new int[] {10, 50, 150, 500}) {
      double[] sizes = sizes(points, 5, 100, new Random(3));
      System.out.printf(
          Locale.ROOT,
          "%d points, 3 repeats, means of deviation 5: %.1f kept, by paired tests %.1f%n",
          points,
          sizes[0],
          sizes[1]);
    }
  }
}
