package org.trawl.core.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The outputs of all samples of a part, and what follows from more than the largest of them, as
 * scikit-learn defines it (top_k_accuracy_score, roc_auc_score, roc_curve). Counts are whole
 * numbers, so that the areas are exact but for one division.
 */
final class Scores {
  /** Bins of the calibration error: Guo et al. 2017, section 2. */
  static final int BINS = 15;

  /**
   * Samples of a class of which each is compared with all others; of more it is faster to sort.
   * Without this, what areas cost would grow with the square of the classes where each class has a
   * few samples.
   */
  static final int FEW = 12;

  private final int classes;

  /** Sample by sample. */
  private final float[] outputs;

  private final int[] labels;

  /**
   * Of the class at hand, each sample's output in the order of numbers, and whether it is of it.
   */
  private final long[] keys;

  /** Of the class at hand, the counts at each different output, from the largest one. */
  private final int[] falsePositives;

  private final int[] truePositives;
  private int samples;

  /**
   * @param capacity samples of the largest part
   */
  Scores(int capacity, int classes) {
    this.classes = classes;
    this.outputs = new float[Math.multiplyExact(capacity, classes)];
    this.labels = new int[capacity];
    this.keys = new long[capacity];
    this.falsePositives = new int[capacity];
    this.truePositives = new int[capacity];
  }

  /** Begins another part. */
  void clear() {
    samples = 0;
  }

  /** Begins the next sample, whose outputs are set then. */
  void add(int label) {
    labels[samples++] = label;
  }

  /** Sets an output of the sample that was added last. */
  void set(int type, float output) {
    outputs[(samples - 1) * classes + type] = output;
  }

  /** Share of the samples whose class is among the k of largest output; of equals, the last. */
  double topKAccuracy(int k) {
    int hits = 0;
    for (int sample = 0; sample < samples; sample++) {
      int label = labels[sample];
      float own = outputs[sample * classes + label];
      int before = 0;
      for (int type = 0; type < classes; type++) {
        float other = outputs[sample * classes + type];
        before += other > own || (other == own && type > label) ? 1 : 0;
      }
      hits += before < k ? 1 : 0;
    }
    return (double) hits / samples;
  }

  /**
   * The mean distance of confidence and accuracy: samples are put into 15 bins of equal width by
   * their largest output, bin i for (i/15, (i+1)/15]; NaN where one is not in [0, 1].
   */
  double calibrationError() {
    double[] confidence = new double[BINS];
    int[] right = new int[BINS];
    for (int sample = 0; sample < samples; sample++) {
      int largest = 0;
      for (int type = 1; type < classes; type++) {
        if (outputs[sample * classes + type] > outputs[sample * classes + largest]) {
          largest = type;
        }
      }
      double output = outputs[sample * classes + largest];
      if (!(output >= 0 && output <= 1)) {
        return Double.NaN;
      }
      int bin = Math.max(0, (int) Math.ceil(output * BINS) - 1);
      confidence[bin] += output;
      right[bin] += labels[sample] == largest ? 1 : 0;
    }
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error += Math.abs(confidence[bin] - right[bin]);
    }
    return error / samples;
  }

  /**
   * Puts the area under each class's curve into {@code areas}, and its curve into a list.
   *
   * @param areas written
   * @param points of a curve, at most; 0 for no curves
   */
  List<RocCurve> roc(double[] areas, int points) {
    List<RocCurve> curves = new ArrayList<>();
    int[] support = new int[classes];
    for (int sample = 0; sample < samples; sample++) {
      support[labels[sample]]++;
    }
    for (int type = 0; type < classes; type++) {
      if (points == 0 && support[type] <= FEW) {
        areas[type] = areaOfFew(type, support[type]);
        continue;
      }
      int steps = count(type);
      areas[type] = area(steps);
      if (points > 0) {
        curves.add(curve(steps, points));
      }
    }
    return curves;
  }

  /** The area of a class that has few samples, if any; the same number as by its steps. */
  private double areaOfFew(int type, int support) {
    int others = samples - support;
    if (support == 0 || others == 0) {
      return Double.NaN;
    }
    for (int sample = 0; sample < samples; sample++) {
      keys[sample] = ordered(sample, type);
    }
    long twice = 0;
    for (int own = 0; own < samples; own++) {
      if (labels[own] == type) {
        long key = keys[own];
        for (int other = 0; other < samples; other++) {
          int larger = (key > keys[other] ? 1 : 0) + (key >= keys[other] ? 1 : 0);
          twice += labels[other] == type ? 0 : larger;
        }
      }
    }
    return twice / (2.0 * others * support);
  }

  /** An output as a whole number in the order of the outputs. */
  private long ordered(int sample, int type) {
    // The bits of a float rise with it, but for negative ones; -0 + 0 is 0.
    int bits = Float.floatToIntBits(outputs[sample * classes + type] + 0f);
    return bits ^ ((bits >> 31) & 0x7FFF_FFFF);
  }

  /** Counts what is at or above each different output of a class; how many there are. */
  private int count(int type) {
    for (int sample = 0; sample < samples; sample++) {
      keys[sample] = ordered(sample, type) << 1 | (labels[sample] == type ? 1 : 0);
    }
    Arrays.sort(keys, 0, samples);
    int steps = 0;
    int falsePositive = 0;
    int truePositive = 0;
    for (int sample = samples - 1; sample >= 0; sample--) {
      int own = (int) (keys[sample] & 1);
      truePositive += own;
      falsePositive += 1 - own;
      if (sample == 0 || keys[sample] >> 1 != keys[sample - 1] >> 1) {
        falsePositives[steps] = falsePositive;
        truePositives[steps] = truePositive;
        steps++;
      }
    }
    return steps;
  }

  /** By trapezoids: pairs of samples in the right order, half of those of equal outputs. */
  private double area(int steps) {
    long twice = 0;
    long width = 0;
    long height = 0;
    for (int step = 0; step < steps; step++) {
      twice += (falsePositives[step] - width) * (truePositives[step] + height);
      width = falsePositives[step];
      height = truePositives[step];
    }
    return width == 0 || height == 0 ? Double.NaN : twice / (2.0 * width * height);
  }

  /** The corners of the curve, as many as there may be, at equal distances in their order. */
  private RocCurve curve(int steps, int points) {
    int[] corners = new int[steps];
    int count = 0;
    for (int step = 0; step < steps; step++) {
      if (corner(step, steps)) {
        corners[count++] = step;
      }
    }
    int kept = Math.min(count, points - 1);
    double[] thresholds = new double[kept + 1];
    int[] wrong = new int[kept + 1];
    int[] right = new int[kept + 1];
    thresholds[0] = Double.NaN;
    for (int point = 1; point <= kept; point++) {
      int place = kept == 1 ? count - 1 : (int) ((long) (point - 1) * (count - 1) / (kept - 1));
      int step = corners[place];
      wrong[point] = falsePositives[step];
      right[point] = truePositives[step];
      thresholds[point] = threshold(wrong[point] + right[point]);
    }
    return new RocCurve(thresholds, wrong, right);
  }

  /** As scikit-learn's drop_intermediate: where the counts go on as before there is none. */
  private boolean corner(int step, int steps) {
    return step == 0
        || step == steps - 1
        || bends(falsePositives, step)
        || bends(truePositives, step);
  }

  private static boolean bends(int[] counts, int step) {
    return counts[step + 1] - 2 * counts[step] + counts[step - 1] != 0;
  }

  /** The smallest of so many largest outputs. */
  private float threshold(int count) {
    int ordered = (int) (keys[samples - count] >> 1);
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & 0x7FFF_FFFF));
  }
}
