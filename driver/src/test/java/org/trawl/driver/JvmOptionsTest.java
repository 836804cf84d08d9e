package org.trawl.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

final class JvmOptionsTest {
  /** What the file holds besides. */
  private static final Pattern OURS = Pattern.compile("-Xss|-XX:CompileCommand=|-Dfile.encoding=");

  @Test
  void file_holds_the_options_that_spark_gives_its_own_processes() throws IOException {
    var options = new TreeSet<String>();
    for (String line :
        Files.readAllLines(Path.of(System.getProperty("trawl.home"), "deploy", "jvm.options"))) {
      if (!line.isBlank() && !line.startsWith("#") && !OURS.matcher(line).lookingAt()) {
        options.add(line);
      }
    }
    // The launcher adds it for the verbs that train.
    options.add("--add-modules=jdk.incubator.vector");
    assertEquals(new TreeSet<>(List.of(JavaModuleOptions.defaultModuleOptionArray())), options);
  }
}
