package org.trawl.driver.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.trawl.driver.results.Rank;

/** What is told where several trials are the best. */
final class Ties {
  private Ties() {}

  /**
   * How many trials have the best value, and what has decided among them; empty for one.
   *
   * @param ranked rows of the table trials, the best first
   * @param parts the rows of the table parts of a trial
   */
  static Optional<String> note(
      List<Map<String, Object>> ranked,
      String metric,
      Function<String, List<Map<String, Object>>> parts) {
    Map<String, Object> first = ranked.get(0);
    long equal =
        ranked.stream().takeWhile(trial -> trial.get(metric).equals(first.get(metric))).count();
    if (equal == 1) {
      return Optional.empty();
    }
    String loss =
        Rank.lossesOf(metric)
            .filter(name -> first.get(name) != null && !name.equals(metric))
            .findFirst()
            .map(name -> name + ", then by ")
            .orElse("");
    return Optional.of(
        String.format(
                Locale.ROOT,
                "%d trials are equal in %s: this is the first of them by %sfewer parameters.",
                equal,
                metric,
                loss)
            + part(first, metric)
                .flatMap(part -> size(parts.apply((String) first.get("trial")), part, metric))
                .orElse(""));
  }

  /** The part that a metric is of. */
  private static Optional<String> part(Map<String, Object> trial, String metric) {
    return metric.equals("macro_f1")
        ? Optional.ofNullable((String) trial.get("macro_f1_part"))
        : Stream.of("validation", "test").filter(metric::startsWith).findFirst();
  }

  private static Optional<String> size(
      List<Map<String, Object>> parts, String part, String metric) {
    return parts.stream()
        .filter(row -> part.equals(row.get("part")))
        .map(row -> (Integer) row.get("samples"))
        .findFirst()
        .map(
            samples ->
                String.format(Locale.ROOT, " The %s part has %,d samples", part, samples)
                    + (metric.endsWith("_accuracy")
                        ? ": one is "
                            + BigDecimal.valueOf(1.0 / samples)
                                .round(new MathContext(2))
                                .toPlainString()
                        : "")
                    + ".");
  }
}
