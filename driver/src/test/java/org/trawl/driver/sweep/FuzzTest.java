package org.trawl.driver.sweep;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to a valid file: it is read, or refused with its problems. */
class FuzzTest {
  private static final int EDITS = 300;
  private static final List<String> VALID =
      """
      name = valid
      seed = 3, repeats = 2
      include "other.conf"
      objective { metric = validation_loss, direction = minimize }
      data { source = digits, validation = 0.2, prepare = [unit, { hog { orientations = 4 } }, { pca = 0.5 }] }
      network { hidden = [32], activation = relu, dropout = [0.1] }
      training { optimizer = adam, learning-rate = ${rate}, batch-size = all, noise { sigma = 0.1 } }
      sweep {
        training.l2 { log-range = [1e-4, 1e-1], points = 4 }
        training.epochs = { range = [1, 5], step = 2 }
        network.hidden = [5, [20, 10], []]
        where = "l2 > 0 and size(hidden) between 0 and 3"
        variants = [
          { name = one, data.source { format = csv, train = a.csv, label = -1, classes = 3 } }
          { training { momentum = 0.5 }, sweep { network.bias = [true, false] } }
        ]
      }
      """
          .lines()
          .toList();
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "=",
          ",",
          "\"",
          "${",
          "${?x}",
          "#",
          "null",
          "true",
          "-1",
          "1e999",
          "0",
          ".",
          "sweep",
          "data",
          "include",
          " ",
          "\n",
          "\\",
          "\u0000",
          "é",
          "[]",
          "{}",
          "1e-400",
          "\\u0000",
          "include \"\"",
          "include \"/\"",
          "NaN",
          "all",
          "+=",
          "${seed}",
          "${sweep}",
          "99999999999");

  @TempDir Path folder;

  @Test
  void noEdit_givesAnythingButASweepOrItsProblems() throws IOException {
    Files.writeString(folder.resolve("datasets.conf"), "digits { format = csv, train = d.csv }");
    Files.writeString(folder.resolve("other.conf"), "rate = 0.1");
    Catalogue catalogue = Catalogue.read(folder.resolve("datasets.conf"));
    Path file = folder.resolve("sweep.conf");
    Random random = new Random(20261121);
    int refused = 0;
    for (int i = 0; i < EDITS; i++) {
      String text = edited(random);
      Files.writeString(file, text);
      try {
        SweepReader.read(file, List.of(), catalogue).resolved();
      } catch (InputException wrong) {
        refused++;
        assertFalse(wrong.problems().isEmpty());
      } catch (RuntimeException | Error other) {
        fail("edit " + i + ":\n" + text, other);
      }
    }
    assertFalse(refused == 0 || refused == EDITS, refused + " refused");
  }

  private static String edited(Random random) {
    List<String> lines = new ArrayList<>(VALID);
    int edits = 1 + random.nextInt(3);
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(lines.size());
      String line = lines.get(at);
      switch (random.nextInt(4)) {
        case 0 -> lines.remove(at);
        case 1 -> lines.add(random.nextInt(lines.size()), line);
        case 2 -> {
          int from = random.nextInt(line.length() + 1);
          int to = Math.min(line.length(), from + random.nextInt(6));
          lines.set(at, line.substring(0, from) + line.substring(to));
        }
        default -> {
          int from = random.nextInt(line.length() + 1);
          String piece = PIECES.get(random.nextInt(PIECES.size()));
          lines.set(at, line.substring(0, from) + piece + line.substring(from));
        }
      }
    }
    return String.join("\n", lines);
  }
}
