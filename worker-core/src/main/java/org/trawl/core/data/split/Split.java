package org.trawl.core.data.split;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.preparation.PrepareStep.Balance.How;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.split.DataSpec.Part;
import org.trawl.core.kernel.RandomStream;

/**
 * Which rows of a data set are for what, each part in file order. Rows whose label is -1 are for
 * nothing.
 *
 * <p>Rows are divided in this order:
 *
 * <ol>
 *   <li>the pool is the source's training part, or with {@code pooled} all its rows;
 *   <li>{@code limit} rows are taken of the pool, the others are left out;
 *   <li>{@code test} rows are held out of them; without it the test part is the source's own (none
 *       where it was pooled);
 *   <li>{@code validation} rows are held out; but a source's own validation part, where it has one
 *       that was not pooled, is taken as it is instead. Without {@code validation} neither is used;
 *   <li>or, with {@code folds}, one fold of what is left is the validation part, the others are
 *       trained on; a source's own validation part is not used;
 *   <li>what is left is trained on, but for what {@code limit} and {@code balance} among the steps
 *       of the preparation leave out or take again.
 * </ol>
 *
 * <p>A share is of the pool after {@code limit}, rounded to the nearest count. Everything is
 * stratified: a part of m of n rows takes of each class its share of m, by largest remainder, so
 * that the count is exact and no class is off by a whole sample; folds deal the rows out class
 * after class, so that they differ by one sample at most, and by one of each class. Within a class
 * one random order decides, so that a larger limit adds samples to a smaller one's.
 */
record Split(int[] train, int[] validation, int[] test) {

  /** The split of a stream's key; see {@link TrainingData#of}. */
  static Split of(Dataset dataset, DataSpec spec, RandomStream stream, int fold) {
    if (spec.folds() == 0 ? fold != 0 : fold < 1 || fold > spec.folds()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid fold (from 1 to %d folds, 0 without): %d", spec.folds(), fold));
    }
    if (spec.folds() > 0 && spec.validation().size() > 0) {
      throw new IllegalArgumentException(
          "Invalid validation (0 with folds, which take turns as validation part): "
              + spec.validation().size());
    }
    return new Division(dataset, spec, stream).divide(fold);
  }

  /** The rows of the pool that are not given to a part yet. */
  private static final class Division {
    private final Dataset dataset;
    private final DataSpec spec;

    /** The pool's rows of each class in random order. */
    private final int[][] rows;

    /** How many rows of each class are given away, from its front. */
    private final int[] given;

    /** How many rows of each class there are to give. */
    private final int[] end;

    Division(Dataset dataset, DataSpec spec, RandomStream stream) {
      this.dataset = dataset;
      this.spec = spec;
      int pool = spec.pooled() ? dataset.samples().rows() : dataset.trainRows();
      int[] labels = dataset.labels();
      int classes = dataset.classes().size();
      end = new int[classes];
      for (int row = 0; row < pool; row++) {
        if (labels[row] >= 0) {
          end[labels[row]]++;
        }
      }
      rows = new int[classes][];
      for (int i = 0; i < classes; i++) {
        rows[i] = new int[end[i]];
      }
      int[] filled = new int[classes];
      for (int row = 0; row < pool; row++) {
        if (labels[row] >= 0) {
          rows[labels[row]][filled[labels[row]]++] = row;
        }
      }
      RandomStream order = new RandomStream(key(stream));
      for (int[] ofClass : rows) {
        order.shuffle(ofClass);
      }
      given = new int[classes];
    }

    private static long key(RandomStream stream) {
      return (stream.key0() & 0xFFFFFFFFL) | ((long) stream.key1() << 32);
    }

    Split divide(int fold) {
      if (spec.limit() > 0) {
        limit("limit = " + spec.limit(), spec.limit());
      }
      int pool = left();
      boolean ownTest = spec.test().size() == 0 && !spec.pooled();
      boolean ownValidation =
          spec.validation().size() > 0 && !spec.pooled() && dataset.validationRows() > 0;
      int testCount = count("test", spec.test(), pool);
      int validationCount = ownValidation ? 0 : count("validation", spec.validation(), pool);
      int trainCount = pool - testCount - validationCount;
      if (trainCount < Math.max(1, spec.folds())) {
        String folds =
            spec.folds() > 0
                ? String.format(Locale.ROOT, "the %d folds", spec.folds())
                : "training";
        throw new DataException(
            String.format(
                    Locale.ROOT,
                    "Cannot divide %s: of its %d samples to divide %d are held out for test and %d for",
                    dataset.name(),
                    pool,
                    testCount,
                    validationCount)
                + String.format(
                    Locale.ROOT,
                    " validation, which leaves %d for %s",
                    Math.max(0, trainCount),
                    folds));
      }
      int validationStart = dataset.trainRows();
      int testStart = validationStart + dataset.validationRows();
      int[] test = ownTest ? range(testStart, dataset.samples().rows()) : take(testCount);
      int[] validation;
      if (spec.folds() > 0) {
        validation = takeFold(spec.folds(), fold);
      } else {
        validation = ownValidation ? range(validationStart, testStart) : take(validationCount);
      }
      for (PrepareStep step : spec.prepare()) {
        if (step instanceof PrepareStep.Limit limit) {
          limit(String.format(Locale.ROOT, "limit = %d training", limit.count()), limit.count());
        } else if (step instanceof PrepareStep.Balance balance) {
          balance(balance.how());
        }
      }
      return new Split(take(left()), validation, test);
    }

    /** Leaves out what is not given and exceeds a count. */
    private void limit(String asked, int count) {
      int left = left();
      if (count > left) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot take %s samples of %s: it has %d",
                asked,
                dataset.name(),
                left));
      }
      int[] counts = quotas(count);
      for (int i = 0; i < end.length; i++) {
        end[i] = given[i] + counts[i];
      }
    }

    /** Makes what is not given as many of each class. */
    private void balance(How how) {
      int smallest = Integer.MAX_VALUE;
      int largest = 0;
      for (int i = 0; i < end.length; i++) {
        int count = end[i] - given[i];
        if (count == 0) {
          throw new DataException(
              "Cannot apply balance to %s: expected training samples of each class, found none of %s"
                  .formatted(dataset.name(), dataset.classes().get(i)));
        }
        smallest = Math.min(smallest, count);
        largest = Math.max(largest, count);
      }
      long all = (long) end.length * largest;
      if (how == How.OVER && all > SamplesBuilder.LONGEST_ARRAY) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot apply balance = over to %s: expected at most %,d training samples, found %,d",
                dataset.name(),
                SamplesBuilder.LONGEST_ARRAY,
                all));
      }
      for (int i = 0; i < end.length; i++) {
        if (how == How.UNDER) {
          end[i] = given[i] + smallest;
        } else {
          repeat(i, largest);
        }
      }
    }

    /** Takes the samples of a class that are not given again, in turn, until they are so many. */
    private void repeat(int ofClass, int count) {
      int there = end[ofClass] - given[ofClass];
      int[] repeated = Arrays.copyOf(rows[ofClass], given[ofClass] + count);
      for (int i = there; i < count; i++) {
        repeated[given[ofClass] + i] = repeated[given[ofClass] + i % there];
      }
      rows[ofClass] = repeated;
      end[ofClass] = repeated.length;
    }

    private int count(String key, Part part, int pool) {
      double size = part.size();
      long count = size < 1 ? Math.round(size * pool) : (long) size;
      if (size > 0 && count == 0) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot divide %s: %s = %s of %d samples is less than one",
                dataset.name(),
                key,
                BigDecimal.valueOf(size).toPlainString(),
                pool));
      }
      if (count > pool) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot divide %s: %s = %d, but there are %d samples to divide",
                dataset.name(),
                key,
                count,
                pool));
      }
      return (int) count;
    }

    private int left() {
      int left = 0;
      for (int i = 0; i < end.length; i++) {
        left += end[i] - given[i];
      }
      return left;
    }

    /** How many rows of each class a stratified part takes, by largest remainder. */
    private int[] quotas(int count) {
      int left = left();
      int[] quotas = new int[end.length];
      long[] remainders = new long[end.length];
      int missing = count;
      for (int i = 0; i < quotas.length && left > 0; i++) {
        long product = (long) count * (end[i] - given[i]);
        quotas[i] = (int) (product / left);
        remainders[i] = product % left;
        missing -= quotas[i];
      }
      // The first of equal ones: the order is stable.
      IntStream.range(0, remainders.length)
          .boxed()
          .sorted(Comparator.comparingLong((Integer i) -> -remainders[i]))
          .limit(missing)
          .forEach(i -> quotas[i]++);
      return quotas;
    }

    /** Gives away a stratified part; its rows in file order. */
    private int[] take(int count) {
      int[] quotas = quotas(count);
      int[] part = new int[count];
      int filled = 0;
      for (int i = 0; i < quotas.length; i++) {
        System.arraycopy(rows[i], given[i], part, filled, quotas[i]);
        filled += quotas[i];
        given[i] += quotas[i];
      }
      Arrays.sort(part);
      return part;
    }

    /** Gives away one fold of what is left; its rows in file order. */
    private int[] takeFold(int folds, int fold) {
      int[] part = new int[left() / folds + 1];
      int filled = 0;
      int dealt = 0;
      for (int i = 0; i < rows.length; i++) {
        int kept = end[i];
        for (int j = end[i] - 1; j >= given[i]; j--, dealt++) {
          if (dealt % folds == fold - 1) {
            part[filled++] = rows[i][j];
            rows[i][j] = rows[i][--kept];
          }
        }
        end[i] = kept;
      }
      part = Arrays.copyOf(part, filled);
      Arrays.sort(part);
      return part;
    }

    /** Rows of a part of the source's own, without those that are left out. */
    private int[] range(int from, int to) {
      return IntStream.range(from, to).filter(row -> dataset.labels()[row] >= 0).toArray();
    }
  }
}
