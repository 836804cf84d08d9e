package org.trawl.driver.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AxisReaderTest {
  private static final String BASE =
      """
      data.source { format = csv, train = a.csv }
      network.hidden = [8]
      training.learning-rate = 0.1
      """;

  @TempDir Path folder;

  @Test
  void valuesAndRanges_inTheOrderOfTheList() {
    assertEquals(
        decimals("0", "0.0001", "0.001", "0.01", "0.1", "1"),
        values("training.l2 = [0, { log-range = [1e-4, 1], points = 5 }]"));
    assertEquals(
        decimals("1", "2", "3", "10", "20", "30", "5"),
        values("training.l2 = [{ range = [1, 3], step = 1 }, { range = [10, 30], step = 10 }, 5]"));
    assertEquals(
        List.of("all", 1L, 10L, 100L),
        values("training.batch-size = [all, { log-range = [1, 100], points = 3 }]"));
    assertEquals(
        List.of(List.of(), List.of(16L, 8L), List.of(10L), List.of(20L)),
        values("network.hidden = [[], [16, 8], { range = [10, 20], step = 10 }]"));
  }

  @Test
  void aListOfLists_staysAsItIs() {
    assertEquals(
        List.of(List.of(10L, 20L), List.of(30L)), values("network.hidden = [[10, 20], [30]]"));
    assertEquals(
        List.of(decimals("0.1", "0.2"), new BigDecimal("0.3")),
        values("network.dropout = [[0.1, 0.2], 0.3]"));
  }

  @Test
  void theSameValueAgain_isOneAndTold() {
    assertNotes("training.l2 = [0.1, 0.10, 1e-1]", "0.1 is written 3 times (0.1, 0.10, 1e-1)");
    assertNotes(
        "training.l2 = [0, 1, { range = [0, 1], step = 0.5 }]",
        "0 is written 2 times, 1 is written 2 times");
    assertNotes(
        "training.epochs = [{ log-range = [1, 4], points = 9 }]",
        "1 is written 3 times, 2 is written 3 times, 3 is written 2 times");
    assertNotes("network.hidden = [[8], 8, [9]]", "[8] is written 2 times ([8], 8)");
    assertNotes("network.bias = [true, yes, false]", "true is written 2 times (true, \"yes\")");
    assertNotes("network.activation = [relu, tanh, relu]", "\"relu\" is written 2 times");
    assertNotes(
        "data.prepare = [[unit], unit, []]",
        "[\"unit\"] is written 2 times ([\"unit\"], \"unit\")");
    assertNotes(
        "training.epochs = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]",
        "1 is written 2 times, 2 is written 2 times, 3 is written 2 times, and so are 2 more values");
    assertEquals(List.of(), read("training.l2 = [0.1, 0.2]").notes());
  }

  @Test
  void axesOfVariants_areLookedAtToo() {
    assertEquals(
        List.of(
            file()
                + ":5: sweep.variants[1].sweep.training.l2: 0 is written 2 times, and planned once"),
        read("variants = [\n{ sweep.training.l2 = [0, 0] }]").notes());
  }

  @Test
  void whatIsNoRangeInAList_isRefusedWithItsPlace() {
    assertProblem(
        "training.l2 = [0,\n{ points = 3 }]",
        ":5: sweep.training.l2: expected a list of values, { range = [first, last], step = .. } or {"
            + " log-range = [first, last], points = .. }, found an object {\"points\":3}");
    assertProblem(
        "training.l2 = [0,\n{ range = [1, 0], step = 1 }]",
        ":5: sweep.training.l2.range: expected two numbers, the smaller first, found a list [1,0]");
    assertProblem(
        "network.activation = [relu, { range = [0, 1], step = 1 }]",
        ":4: sweep.network.activation: expected one of "
            + String.join(", ", Keys.ACTIVATION.choices())
            + ", found an object {\"range\":[0,1],\"step\":1}");
  }

  private Sweep read(String axis) {
    try {
      Files.writeString(folder.resolve("sweep.conf"), BASE + "sweep { " + axis + " }");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return SweepReader.read(folder.resolve("sweep.conf"), List.of(), Catalogue.installed());
  }

  private List<Object> values(String axis) {
    return read(axis).variants().get(0).axes().get(0).values();
  }

  private void assertNotes(String axis, String expected) {
    assertEquals(
        List.of(
            "%s:4: sweep.%s: %s, and planned once"
                .formatted(file(), axis.substring(0, axis.indexOf(' ')), expected)),
        read(axis).notes());
  }

  private void assertProblem(String axis, String expected) {
    InputException wrong = assertThrows(InputException.class, () -> read(axis));
    assertEquals(List.of(file() + expected), wrong.problems());
  }

  private String file() {
    return folder.resolve("sweep.conf").toString();
  }

  private static List<BigDecimal> decimals(String... numbers) {
    return Stream.of(numbers).map(BigDecimal::new).map(BigDecimal::stripTrailingZeros).toList();
  }
}
