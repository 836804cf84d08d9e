package org.trawl.driver.report;

import java.util.ArrayList;
import java.util.List;
import org.trawl.driver.report.Comparison.Group;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/**
 * An axis of letters that means and deviations are drawn on, with its ends as its header. It is no
 * longer than the means ± their deviations and the values of trials are, so that differences look
 * as large as they are beside the deviations; where no deviation is known, it begins at 0. Of a
 * metric to be minimized that spans more than {@value #DECADES} to 1 it is logarithmic, and says
 * so.
 */
record MetricScale(double low, double high, boolean logarithmic) {
  private static final int WIDTH = 24;
  private static final double DECADES = 100;

  /**
   * The scale of groups.
   *
   * @param values of all trials, at least one
   */
  static MetricScale of(List<Group> groups, double[] values, Objective metric) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    List<Double> ends = new ArrayList<>();
    boolean known = false;
    for (Group group : groups) {
      if (group.mean() != null) {
        ends.add(Math.max(least, group.mean() - deviation(group)));
        ends.add(Math.min(most, group.mean() + deviation(group)));
        known |= deviation(group) > 0;
      }
    }
    double low = ends.stream().min(Double::compare).orElse(least);
    double high = ends.stream().max(Double::compare).orElse(most);
    boolean decades = metric.direction() == Direction.MINIMIZE && low > 0 && high > DECADES * low;
    return known || decades
        ? new MetricScale(low, high, decades)
        : new MetricScale(Math.min(0, low), Math.max(0, high), false);
  }

  private static double deviation(Group group) {
    return group.deviation() == null ? 0 : group.deviation();
  }

  /** Its ends, above them. */
  String header() {
    String from = Numbers.text(low);
    String to = Numbers.text(high);
    String between = logarithmic ? "log" : "";
    int space = Math.max(2, WIDTH - from.length() - to.length() - between.length());
    return from + " ".repeat(space / 2) + between + " ".repeat(space - space / 2) + to;
  }

  /** A group's mean as a dot on a line from the mean minus to the mean plus its deviation. */
  String drawn(Group group) {
    int from = place(group.mean() - deviation(group));
    int dot = place(group.mean());
    int to = place(group.mean() + deviation(group));
    String before = from < dot ? "╶" + "─".repeat(dot - from - 1) : "";
    String after = to > dot ? "─".repeat(to - dot - 1) + "╴" : "";
    return " ".repeat(from) + before + "●" + after;
  }

  private int place(double value) {
    double inside = Math.min(high, Math.max(low, value));
    double share =
        high == low
            ? 0.5
            : logarithmic
                ? Math.log(inside / low) / Math.log(high / low)
                : (inside - low) / (high - low);
    return (int) Math.round(share * (WIDTH - 1));
  }
}
