package org.trawl.driver.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.sweep.InputException;

class OutputFileTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir private Path folder;

  @Test
  void aFileIsWrittenInThePlaceOfAnother() throws IOException {
    Path file = folder.resolve("a:b %20#ü.html");
    OutputFile.write(file, new byte[] {1});
    OutputFile.write(file, new byte[] {2, 3});
    assertEquals(2, Files.size(file));
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    OutputFile.write(link, new byte[3]);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(3, Files.size(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void aFullDiskIsAnErrorOfTheInfrastructure() {
    assumeTrue(Files.exists(FULL), "skipped: no /dev/full");
    String message =
        assertThrows(InfrastructureException.class, () -> OutputFile.write(FULL, new byte[9]))
            .getMessage();
    assertEquals(
        "Cannot write /dev/full (No space left on device). Make room, or write elsewhere, and run"
            + " again.",
        message);
    assertTrue(Files.exists(FULL) && !Files.isRegularFile(FULL), "a device is not replaced");
  }

  @Test
  void wrongPathsAreWrongInput() {
    for (Path path :
        new Path[] {folder, folder.resolve("none/x"), folder.resolve("n".repeat(300))}) {
      String message =
          assertThrows(InputException.class, () -> OutputFile.write(path, new byte[9]))
              .getMessage();
      assertTrue(message.contains("Expected a file in a folder that exists"), message);
    }
  }
}
