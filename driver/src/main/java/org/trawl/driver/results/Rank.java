package org.trawl.driver.results;

import java.util.Comparator;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.trawl.driver.sweep.Objective;
import org.trawl.driver.sweep.Objective.Direction;

/**
 * What a trial's place among its peers depends on: the value of a metric; of equals the loss of the
 * metric's part, then the number of parameters, smaller ones first. Who sorts trials in the order
 * of the plan keeps that order among those that are equal in all three.
 *
 * @param value NaN for none
 * @param loss NaN for none
 */
public record Rank(double value, double loss, long parameters) {

  /**
   * The rank of a trial by a metric.
   *
   * @param metrics of the trial by their names; NaN for none
   */
  public static Rank of(String metric, ToDoubleFunction<String> metrics, long parameters) {
    double loss =
        lossesOf(metric)
            .mapToDouble(metrics)
            .filter(Double::isFinite)
            .findFirst()
            .orElse(Double.NaN);
    return new Rank(metrics.applyAsDouble(metric), loss, parameters);
  }

  /** The rank of a trial by a metric, from its row of the table trials. */
  public static Rank of(Map<String, Object> trial, String metric) {
    return of(
        metric,
        name -> trial.get(name) instanceof Number number ? number.doubleValue() : Double.NaN,
        trial.get("parameters") instanceof Number count ? count.longValue() : Long.MAX_VALUE);
  }

  /** The loss that decides among equal values of a metric: the first of these that a trial has. */
  public static Stream<String> lossesOf(String metric) {
    return Stream.of("validation_", "test_", "train_")
        .filter(metric::startsWith)
        .findFirst()
        .map(part -> Stream.of(part + "loss"))
        .orElse(Stream.of("validation_loss", "test_loss", "train_loss"));
  }

  /** The best first; those without a value last. */
  public static Comparator<Rank> bestFirst(Objective metric) {
    Comparator<Double> order =
        metric.direction() == Direction.MAXIMIZE
            ? Comparator.reverseOrder()
            : Comparator.naturalOrder();
    return Comparator.comparing((Rank rank) -> !Double.isFinite(rank.value()))
        .thenComparing(Rank::value, order)
        .thenComparing(Rank::loss)
        .thenComparing(Rank::parameters);
  }
}
