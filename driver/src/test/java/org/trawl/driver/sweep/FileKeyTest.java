package org.trawl.driver.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeyTest {
  @TempDir private Path folder;

  /** The lists of known keys in refusals of unknown ones are those of the reader. */
  @Test
  void theyAreThoseThatTheReaderKnows() throws IOException {
    List<String> known = new ArrayList<>();
    for (String section : List.of("", "objective.", "keep.")) {
      String refusal = refusal(section + "nonsense = 1");
      String list = refusal.replaceAll("(?s).*expected one of (.*), found an unknown key.*", "$1");
      for (String key : list.split(", ")) {
        if (!List.of("objective", "keep", "data", "network", "training", "sweep").contains(key)) {
          known.add(section + key);
        }
      }
    }
    known.add("sweep.where");
    known.add("sweep.variants");
    assertEquals(
        new TreeSet<>(known),
        FileKey.all().stream().map(FileKey::path).collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void theirDefaultsAreThoseOfAFileThatSaysNothing() throws IOException {
    Sweep sweep = read("");
    Sweep said =
        read(
            FileKey.all().stream()
                .filter(key -> !key.defaultText().matches("(the|validation_accuracy|none).*"))
                .map(key -> key.path() + " = " + key.defaultText() + "\n")
                .collect(Collectors.joining()));
    assertEquals(sweep.seed(), said.seed());
    assertEquals(sweep.repeats(), said.repeats());
    assertEquals(sweep.keep(), said.keep());
    assertEquals(1, sweep.seed());
  }

  private String refusal(String text) {
    InputException refused = assertThrows(InputException.class, () -> read(text));
    assertTrue(refused.getMessage().contains("found an unknown key"), refused.getMessage());
    return refused.getMessage();
  }

  private Sweep read(String text) throws IOException {
    Path file = folder.resolve("sweep.conf");
    Files.writeString(
        file, "data.source = digits\nnetwork.hidden = 8\ntraining.learning-rate = 0.1\n" + text);
    Path catalogue = folder.resolve("datasets.conf");
    Files.writeString(catalogue, "digits { format = csv, train = d.csv }");
    return SweepReader.read(file, List.of(), Catalogue.read(catalogue));
  }
}
