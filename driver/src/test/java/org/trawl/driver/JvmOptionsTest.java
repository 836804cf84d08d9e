package org.trawl.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
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

  @Test
  void every_jvm_that_trains_compiles_the_operations_on_vectors_apart() throws IOException {
    Path home = Path.of(System.getProperty("trawl.home"));
    for (String file :
        List.of(
            "deploy/jvm.options",
            "conf/spark-defaults.conf",
            "deploy/kubernetes/spark-defaults.conf",
            "deploy/kubernetes/sweep.yaml")) {
      List<String> options =
          Pattern.compile("-XX:CompileCommand=dontinline\\S+")
              .matcher(Files.readString(home.resolve(file)))
              .results()
              .map(MatchResult::group)
              .distinct()
              .toList();
      assertEquals(
          List.of("-XX:CompileCommand=dontinline,org/trawl/core/kernel/Vector*.*"), options, file);
    }
  }
}
