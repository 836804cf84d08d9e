package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;

/**
 * Machines whose locale writes numbers otherwise, and whose time zone is another, give the same
 * files and the same words. That Trawl's own code names its locale is checked as it is compiled;
 * this is about the rest, Spark and the command line's library among it.
 */
@Timeout(600)
class LocaleTest {
  private static final String SWEEP =
      """
      data { source = digits, validation = 0.2 }
      network.hidden = [4]
      training { batch-size = 32, epochs = 2 }
      sweep.training.learning-rate = [0.1, 0.3]
      keep.models = all
      """;

  @TempDir private Path folder;

  @Test
  void aRunIsTheSameInEveryLocale() throws Exception {
    Files.writeString(folder.resolve("q.conf"), SWEEP);
    String root = run("root", List.of("-Duser.language=en", "-Duser.timezone=UTC"));
    List<String> arabic = // digits of their own, and another order of a line
        List.of("-Duser.language=ar", "-Duser.country=EG", "-Duser.timezone=Asia/Kathmandu");
    List<String> turkish = // a decimal comma, and an I that is no i
        List.of("-Duser.language=tr", "-Duser.country=TR", "-Dfile.encoding=ISO-8859-9");
    assertEquals(root, run("arabic", arabic));
    assertEquals(root, run("turkish", turkish));
    assertEquals(files("root"), files("arabic"));
    assertEquals(files("root"), files("turkish"));
    SameTables.assertSame(at("root"), at("arabic"));
    SameTables.assertSame(at("root"), at("turkish"));
  }

  /** What a run prints, but how long it took and where its folder is. */
  private String run(String name, List<String> locale) throws Exception {
    try (TrawlProcess run =
        TrawlProcess.start(folder, locale, "run", "q.conf", "--master=local[2]", "--out", name)) {
      assertEquals(0, run.exit(), run.text());
      assertTrue(run.text().contains("2 completed"), run.text());
      return run.text()
          .replaceAll("(?m)^(WARNING|After|\\d+ of \\d+ done).*\\R", "")
          .replaceAll("\\b" + name + "\\b", "NAME");
    }
  }

  private List<String> files(String run) throws Exception {
    Path journal = folder.resolve(run).resolve("journal");
    try (Stream<Path> files = Files.list(journal)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private RunFolder at(String run) {
    return RunFolder.at(folder.resolve(run).toString());
  }
}
