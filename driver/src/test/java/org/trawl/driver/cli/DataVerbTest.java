package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataVerbTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @Test
  void list_hasTheCatalogue() {
    assertEquals(ExitCode.DONE, run("data", "list", "--format", "csv"));
    assertTrue(
        out.toString().startsWith("name,format,here,megabytes,licence,description,folder,files\n"));
    assertTrue(out.toString().contains("\ndigits,csv,true,,CC BY 4.0,"), out.toString());
    assertTrue(out.toString().contains("\nsvhn,mat,"), out.toString());
  }

  @Test
  void describe_tellsWhatIsInDigits() throws IOException {
    Path sheet = folder.resolve("digits.png");

    assertEquals(ExitCode.DONE, run("data", "describe", "digits", "--contact-sheet", "" + sheet));

    String text = out.toString().replaceAll(" +", " ");
    assertTrue(text.contains("train 1,797\n"), text);
    assertTrue(text.contains("shape 8x8\n"), text);
    assertTrue(text.contains("minimum 0\nmaximum 16\n"), text);
    assertTrue(text.contains("constant features 3\n"), text); // columns 0, 32 and 39
    assertTrue(text.contains("3 183 0 0 0.1018"), text);
    BufferedImage image = ImageIO.read(sheet.toFile());
    assertEquals(2 + 10 * (32 + 2), image.getHeight());
    // the first image's third pixel is 5 of 16, enlarged four times
    assertEquals(Math.round(5 * 255 / 16f), image.getRGB(2 + 2 * 4, 2) & 0xFF);
  }

  @Test
  void describe_ofManyClassesShowsSome() throws IOException {
    StringBuilder text = new StringBuilder("a,id\n");
    IntStream.range(0, 400).forEach(row -> text.append(row / 200 + ",user" + row / 2 + "\n"));
    Path file = Files.writeString(folder.resolve("many:classes.csv"), text);
    assertEquals(ExitCode.DONE, run("data", "describe", "" + file));
    assertTrue(
        out.toString().contains("The first 30 of 200 classes; --format json shows all\n"),
        out.toString());
    assertEquals(30, out.toString().lines().filter(line -> line.startsWith("user")).count());
  }

  @Test
  void describe_countsWhatIsMissing() throws IOException {
    Path file =
        Files.writeString(folder.resolve("t.csv"), "a,b,c,kind\n1,,5,x\n3,?,5,y\n2,4,NA,x\n");

    assertEquals(ExitCode.DONE, run("data", "describe", "" + file, "--format", "json"));
    assertTrue(out.toString().contains("\"missing\":3"), out.toString());
    assertTrue(out.toString().contains("\"constant_features\":2"), out.toString());
    assertTrue(out.toString().contains("{\"class\":\"x\",\"train\":2"), out.toString());
    run("data", "describe", "" + file, "--features", "--format", "csv");
    assertTrue(out.toString().contains("\n1,4.0,4.0,4.0,0.0,2,true,b\n"), out.toString());
    assertTrue(out.toString().contains("\n0,1.0,3.0,2.0,0.816"), out.toString());

    assertEquals(
        ExitCode.WRONG_INPUT,
        run("data", "describe", "" + file, "--contact-sheet", folder + "/x.png"));
    assertTrue(err.toString().contains("expected images, found 3 features"), err.toString());
  }

  @Test
  void describe_countsTextsThatAreMissing() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("t.csv"), "a,b,c,kind\n1,u,p,x\n3,,p,y\n2,?,NA,x\n4,v,p,y\n");

    assertEquals(ExitCode.DONE, run("data", "describe", "" + file));
    String note = "texts that are missing are a text of their own, which impute leaves as it is:";
    String text = (out.toString() + err).replaceAll("\\s+", " ");
    assertTrue(text.contains(note + " 2 of b (empty, \"?\"), 1 of c (\"NA\")"), text);
    run("data", "describe", "" + file, "--features", "--format", "csv");
    assertTrue(out.toString().contains("\n1,,,,,2,false,b\n2,,,,,1,true,c\n"), out.toString());
  }

  @Test
  void describe_takesDescriptionsAndTellsWhatIsWrong() throws IOException {
    Path file = Files.writeString(folder.resolve("t.svm"), "1 1:2 3:4\n-1 2:1\n");

    assertEquals(
        ExitCode.DONE, run("data", "describe", "{ format = libsvm, train = \"" + file + "\" }"));
    assertTrue(out.toString().contains("features           3"), out.toString());
    assertEquals(ExitCode.WRONG_INPUT, run("data", "describe", "{ format = libsvn, train = x }"));
    assertTrue(err.toString().contains("(did you mean libsvm?)"), err.toString());
    assertEquals(ExitCode.WRONG_INPUT, run("data", "describe", "digit"));
    assertTrue(err.toString().contains("(did you mean digits?)"), err.toString());
    Files.writeString(file, "1 1:2 3:x\n");
    assertEquals(ExitCode.WRONG_INPUT, run("data", "describe", "" + file));
    assertEquals(
        file + ":1: expected a finite number for index 3, found \"x\"", err.toString().strip());
  }

  @Test
  void fetch_refusesWhatCannotBeFetched() {
    assertEquals(ExitCode.WRONG_INPUT, run("data", "fetch", "digits"));
    assertTrue(err.toString().contains("Cannot fetch digits: expected files"), err.toString());
    assertEquals(ExitCode.WRONG_INPUT, run("data", "fetch", "mnits"));
    assertTrue(err.toString().contains("(did you mean mnist?)"), err.toString());
    assertEquals(ExitCode.WRONG_INPUT, run("data"));
  }
}
