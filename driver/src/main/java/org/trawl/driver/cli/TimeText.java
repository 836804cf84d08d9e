package org.trawl.driver.cli;

import java.time.Duration;
import java.util.Locale;
import org.trawl.driver.spark.Estimate;

/** Times for people. */
final class TimeText {
  private static final double MINUTE = 60;
  private static final double HOUR = 3600;

  private TimeText() {}

  /** A time that was measured: 12 s, 3 min 20 s, 2 h 5 min. */
  static String of(Duration duration) {
    long seconds = Math.round(duration.toMillis() / 1000.0);
    if (seconds < 60) {
      return seconds + " s";
    } else if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d min %d s", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d h %d min", seconds / 3600, seconds % 3600 / 60);
  }

  /** A time that was estimated, with no more digits than it deserves: 8 s, 25 s, 3 min, 2.5 h. */
  static String about(Duration duration) {
    double seconds = duration.toMillis() / 1000.0;
    double step = step(seconds);
    return number(Math.max(step, Math.round(seconds / step) * step));
  }

  /** From one time to another, rounded outwards: 5 to 15 s, 50 s to 2 min. */
  static String of(Estimate.Range range) {
    double leastStep = step(range.least());
    double mostStep = step(range.most());
    String least = number(Math.max(leastStep, Math.floor(range.least() / leastStep) * leastStep));
    String most = number(Math.ceil(range.most() / mostStep) * mostStep);
    if (least.equals(most)) {
      return most;
    }
    String unit = most.substring(most.indexOf(' '));
    return (least.endsWith(unit) ? least.substring(0, least.length() - unit.length()) : least)
        + " to "
        + most;
  }

  /** Seconds that a time of so many seconds is rounded to. */
  private static double step(double seconds) {
    if (seconds < 2 * MINUTE) {
      return seconds < 10 ? 1 : seconds < MINUTE ? 5 : 10;
    } else if (seconds < 2 * HOUR) {
      return seconds < 10 * MINUTE ? MINUTE / 2 : seconds < HOUR ? MINUTE : 5 * MINUTE;
    }
    return seconds < 10 * HOUR ? HOUR / 2 : HOUR;
  }

  private static String number(double seconds) {
    double amount = seconds < 2 * MINUTE ? seconds : seconds / (seconds < 2 * HOUR ? MINUTE : HOUR);
    String unit = seconds < 2 * MINUTE ? "s" : seconds < 2 * HOUR ? "min" : "h";
    return amount == Math.rint(amount)
        ? String.format(Locale.ROOT, "%,.0f %s", amount, unit)
        : String.format(Locale.ROOT, "%,.1f %s", amount, unit);
  }
}
