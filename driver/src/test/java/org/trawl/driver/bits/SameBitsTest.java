package org.trawl.driver.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One sweep gives the same bits in every JVM: with plain and vector kernels, with and without the
 * Vector API's module, with vectors of the machine's width and narrower ones, compiled and
 * interpreted, one trial at a time and several, on each JDK of this machine. Each is a process of
 * its own; {@link SweepBits} says what it trained.
 */
@Timeout(600)
class SameBitsTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final String NARROW = "-XX:UseAVX=2";
  private static final boolean X86 = System.getProperty("os.arch").matches("amd64|x86_64");

  /** Odd sizes, 321 training samples: the last batch of 32 has one. */
  private static final String SWEEP =
      """
      name = bits
      data { source = digits, limit = 401, validation = 80, test = 0 }
      training { batch-size = 32, epochs = 3, learning-rate = 0.1 }
      sweep.variants = [
        { name = relu
          network { hidden = [33, 17], dropout = 0.3 }
          training { momentum = 0.9, l2 = 1e-3, learning-rate = 0.02 } }
        { name = tanh
          network { hidden = [5, 20], activation = tanh }
          training { noise { sigma = 0.1, into = activations }, momentum = 0.5, nesterov = true } }
        { name = sigmoid
          network { hidden = [19], activation = sigmoid, output = sigmoid, dropout = 0.1 }
          training { optimizer = adam, learning-rate = 0.01, l1 = 1e-4 } }
        { name = batch-norm
          network { hidden = [31, 9], batch-norm = true }
          training { optimizer = adam, learning-rate = 0.01 } }
        { name = noisy-inputs
          network { hidden = [7], activation = elu }
          training { noise { sigma = 0.2, into = inputs }, optimizer = rmsprop, learning-rate = 1e-3 } }
        { name = noisy-gradients
          network { hidden = [12], activation = softplus }
          training { noise { sigma = 0.01, into = gradients }, clip { norm = 0.5 },
            schedule { kind = cosine } } }
        { name = lecun
          network { hidden = [11, 3], activation = lecun-tanh, initializer = lecun-normal }
          training { loss = squared-error, optimizer = adamw, learning-rate = 0.01, decay = 0.1 } }
        { name = one-batch
          network { hidden = [13], activation = leaky-relu }
          training { batch-size = all, optimizer = adagrad } }
        { name = single-samples
          network { hidden = [6] }
          training { batch-size = 1, reduction = sum, learning-rate = 0.01 } }
      ]
      """;

  /** What of the sweep slow JVMs train. */
  private static final List<String> LITTLE =
      List.of("data.limit=50", "data.validation=9", "training.batch-size=8", "training.epochs=1");

  @TempDir private static Path folder;

  private record Jdk(String version, Path java) {}

  @BeforeAll
  static void write() throws IOException {
    Files.writeString(folder.resolve("bits.conf"), SWEEP);
  }

  @Test
  void everyJvmGivesTheSameBits() throws Exception {
    List<Jdk> jdks = jdks();
    Map<String, List<String>> bits = new LinkedHashMap<>();
    for (Jdk jdk : jdks) {
      bits.put(jdk.version() + " plain", bits(jdk, List.of(MODULE), "PLAIN", 1, List.of()));
      bits.put(jdk.version() + " vector", bits(jdk, List.of(MODULE), "VECTOR", 1, List.of()));
      if (X86) {
        List<String> narrow = List.of(MODULE, NARROW);
        bits.put(jdk.version() + " AVX2", bits(jdk, narrow, "VECTOR", 1, List.of()));
      }
      bits.put(jdk.version() + " three at once", bits(jdk, List.of(MODULE), "AUTO", 3, List.of()));
      bits.put(jdk.version() + " no module", bits(jdk, List.of(), "AUTO", 2, List.of()));
    }
    List<String> first = bits.values().iterator().next();
    assertEquals(9, first.size());
    assertEquals(9, first.stream().distinct().count());
    first.forEach(line -> assertFalse(line.endsWith("NaN"), line));
    bits.forEach((jvm, lines) -> assertEquals(first, lines, jvm));
  }

  @Test
  void jvmsThatAreSlowGiveTheSameBits() throws Exception {
    Jdk own = jdks().get(0);
    List<String> expected = bits(own, List.of(MODULE), "VECTOR", 1, LITTLE);
    assertEquals(9, expected.size());
    List<String> options = new ArrayList<>(List.of("-Xint", "-XX:TieredStopAtLevel=1"));
    if (X86) {
      options.add("-XX:UseAVX=0"); // and so no fused multiply-add
    }
    for (String slow : options) {
      assertEquals(expected, bits(own, List.of(MODULE, slow), "AUTO", 2, LITTLE), slow);
    }
  }

  /** Its lines, a trial each; which kernels it must have used is checked. */
  private static List<String> bits(
      Jdk jdk, List<String> options, String kernels, int threads, List<String> settings)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(jdk.java().toString());
    command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseParallelGC", "-Xmx512m"));
    command.addAll(options);
    for (String property : List.of("trawl.home", "log4j2.configurationFile")) {
      command.add("-D" + property + "=" + System.getProperty(property));
    }
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(SweepBits.class.getName());
    command.addAll(List.of("bits.conf", kernels, String.valueOf(threads)));
    command.addAll(settings);
    Path output = Files.createTempFile(folder, "output", ".txt");
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertTrue(process.waitFor(5, TimeUnit.MINUTES), "goes on: " + options);
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), Files.readString(errors));
    List<String> lines = Files.readAllLines(output);
    boolean vector =
        kernels.equals("VECTOR") || (kernels.equals("AUTO") && options.equals(List.of(MODULE)));
    String expected = !vector ? "plain" : options.contains(NARROW) ? "vector-256" : "vector-";
    assertTrue(lines.get(0).startsWith("kernels " + expected), lines.get(0) + " with " + options);
    return lines.subList(1, lines.size());
  }

  /** The running JDK, then those beside it and those that JAVA_HOME and the like name. */
  private static List<Jdk> jdks() throws IOException {
    Path own = Path.of(System.getProperty("java.home"));
    List<Path> homes = new ArrayList<>(List.of(own));
    try (Stream<Path> siblings = Files.list(own.getParent())) {
      siblings.sorted().forEach(homes::add);
    }
    System.getenv()
        .forEach(
            (name, value) -> {
              if (name.startsWith("JAVA_HOME") && !value.isBlank()) {
                homes.add(Path.of(value));
              }
            });
    Map<Path, Jdk> jdks = new LinkedHashMap<>();
    for (Path home : homes) {
      Path java = home.resolve("bin").resolve("java");
      Path release = home.resolve("release");
      if (Files.isExecutable(java) && Files.isReadable(release)) {
        String text = Files.readString(release);
        Matcher version = Pattern.compile("JAVA_VERSION=\"(\\d+)([^\"]*)").matcher(text);
        if (version.find()
            && Integer.parseInt(version.group(1)) >= 17
            && text.contains("jdk.incubator.vector")) {
          String name = version.group(1) + version.group(2);
          jdks.putIfAbsent(java.toRealPath(), new Jdk(name, java));
        }
      }
    }
    return List.copyOf(jdks.values());
  }
}
