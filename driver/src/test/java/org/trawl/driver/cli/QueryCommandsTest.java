package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.report.SampleRun;

class QueryCommandsTest {
  @TempDir static Path folder;
  private static String animals;
  private static String birds;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void writeRuns() {
    animals = new SampleRun("animals").write(folder.resolve("animals"), "animals").address();
    birds = new SampleRun("birds").write(folder.resolve("birds"), "birds").address();
  }

  private int trawl(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @Test
  void compare_printsTheContractsColumns() throws Exception {
    assertEquals(0, trawl("compare", animals, "--by", "activation", "--format", "json"));
    JsonNode first = new ObjectMapper().readTree(out.toString()).get(0);
    assertEquals("relu", first.get("activation").textValue());
    for (String column : new String[] {"count", "mean", "deviation", "best"}) {
      assertTrue(first.get(column).isNumber(), column);
    }
  }

  @Test
  void compare_takesAPatternOfRuns() {
    assertEquals(0, trawl("compare", folder + "/*", "--across", "sweep", "--by", "activation"));
    assertTrue(out.toString().contains("animals"), out.toString());
    assertTrue(out.toString().contains("birds"), out.toString());
  }

  @Test
  void unknownKeysAreWrongInput() {
    assertEquals(2, trawl("compare", animals, "--by", "lerning-rate,activatoin"));
    assertEquals(2, err.toString().lines().count());
    assertTrue(err.toString().contains("did you mean learning"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void best_asksForAsManyAsWanted() {
    assertEquals(0, trawl("best", animals, "--top", "3", "--format", "CSV"));
    assertEquals(4, out.toString().lines().count());
    assertTrue(out.toString().startsWith("rank,trial,validation_accuracy,hidden,"));
    assertEquals(2, trawl("best", animals, "--top", "0"));
  }

  @Test
  void best_alone_isShownInDetail() {
    assertEquals(0, trawl("best", animals, "--metric", "validation_loss"));
    assertTrue(out.toString().startsWith("Trial "), out.toString());
    assertTrue(out.toString().contains("Classes of the validation part"), out.toString());
  }

  @Test
  void show_findsATrialByTheBeginningOfItsHash() {
    assertEquals(0, trawl("show", "40571", "--run", animals, "--run", birds));
    assertTrue(out.toString().startsWith("Trial 40571440 of animals: COMPLETED"), out.toString());
    assertEquals(2, trawl("show", "zzz", "--run", animals));
    assertTrue(err.toString().startsWith("Cannot find a trial: zzz"), err.toString());
  }

  @Test
  void aRunThatIsNotThereIsWrongInput() {
    assertEquals(2, trawl("compare", "nowhere"));
    assertEquals(2, trawl("best", "nowhere"));
    assertEquals(2, trawl("show", "40571", "--run", "nowhere"));
    assertEquals(2, trawl("sql", "SELECT 1", "--run", folder + "/c*"));
    assertEquals(4, err.toString().lines().count());
  }
}
