package org.trawl.driver.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WhereTest {
  private static final Place PLACE = new Place("a.conf", 1, 0);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "learning_rate = 0.1",
        "LEARNING_RATE = 1e-1 and not nesterov",
        "size(hidden) = 2",
        "array_contains(hidden, 50)",
        "hidden[0] = 20",
        "hidden = array(20, 50)",
        "dropout is null and dropout_by_layer[1] = 0.5",
        "batch_size is null",
        "coalesce(dropout, 0) between 0 and 0.2",
        "nvl(dropout, 0) < 0.2",
        "exists(hidden, width -> width between 21 and 60)",
        "optimizer in ('sgd', 'adam') and optimizer like 's%'",
        "case when l2 > 0 then false else true end",
        "aggregate(hidden, 0, (sum, width) -> sum + width) = 70",
        "source = 'digits' and variant = 'wide'",
        "concat_ws(',', prepare) = 'unit'",
        "log10(learning_rate) = -1",
        "try_divide(1, l2) is null",
        "if(epochs > 5, true, assert_true(false) is null)",
      })
  void aPredicateThatHoldsForThePoint_keepsIt(String predicate) {
    assertTrue(new Where(predicate, PLACE).holds(point(), "wide"));
    assertEquals(
        false, new Where("not coalesce(" + predicate + ", false)", PLACE).holds(point(), "wide"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dropout < 1", "batch_size > 1", "null and true", "variant = 'narrow'", "l2 > 0"})
  void falseAndNull_dropThePoint(String predicate) {
    assertEquals(false, new Where(predicate, PLACE).holds(point(), "wide"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          validation_accuracy > 0.5 | validation_accuracy does not exist before training
          status = 'FAILED' | status does not exist before training
          lerning_rate = 1 | unknown column lerning_rate (did you mean learning_rate?)
          nothing.like_it = 1 | unknown column nothing.like_it
          no_such(l2) | unknown function no_such
          max(l2) = 1 | invalid expressions: max(l2)
          l2 in (select 1) | subqueries are refused
          exists (select 1) | subqueries are refused
          rand() < 0.5 | it does not always give the same
          current_date() > date'2020-01-01' | it does not always give the same
          row_number() over (order by l2) = 1 | window
          l2 | not a boolean
          l2 = | Syntax error
          hidden = 5 | type mismatch
          """)
  void whatIsNoPredicateOverKeyColumns_isRefusedWithTheReason(String predicate, String reason) {
    InputException wrong = assertThrows(InputException.class, () -> new Where(predicate, PLACE));
    String message = wrong.getMessage();
    assertTrue(message.startsWith("sweep.where: expected a Spark SQL predicate"), message);
    assertTrue(message.contains(predicate), message);
    assertTrue(message.contains(reason), message);
    assertEquals(1, message.lines().count(), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 / l2 > 1", "hidden[7] = 1", "cast(optimizer as int) = 1"})
  void whatFailsForAPoint_isAProblem(String predicate) {
    Where where = new Where(predicate, PLACE);
    InputException wrong = assertThrows(InputException.class, () -> where.holds(point(), ""));
    assertEquals(1, wrong.problems().size());
  }

  private static Map<Key, Object> point() {
    Map<Key, Object> values = new LinkedHashMap<>();
    Keys.all().forEach(key -> values.put(key, key.defaultValue().orElse("")));
    values.put(Keys.SOURCE, "digits");
    values.put(Keys.EPSILON, new BigDecimal("1e-8"));
    values.put(Keys.PREPARE, List.of("unit"));
    values.put(Keys.HIDDEN, List.of(20L, 50L));
    values.put(Keys.LEARNING_RATE, new BigDecimal("0.1"));
    values.put(Keys.DROPOUT, List.of(BigDecimal.ZERO, new BigDecimal("0.5")));
    values.put(Keys.BATCH_SIZE, "all");
    return values;
  }
}
