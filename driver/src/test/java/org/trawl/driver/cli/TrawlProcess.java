package org.trawl.driver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * {@code trawl} in a process of its own, as the launcher starts it; ended with the test.
 *
 * @param output what it prints
 */
record TrawlProcess(Process process, Path output) implements AutoCloseable {
  static TrawlProcess start(Path folder, List<String> jvm, String... arguments) throws IOException {
    return start(folder, jvm, null, arguments);
  }

  /**
   * Starts it.
   *
   * @param results where its standard output goes; null for where its errors go
   */
  static TrawlProcess start(Path folder, List<String> jvm, Path results, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-Xmx"))
        .forEach(command::add);
    command.add("-Xmx512m");
    command.addAll(jvm);
    command.add("-Dtrawl.home=" + System.getProperty("trawl.home"));
    command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output-" + UUID.randomUUID() + ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    if (results == null) {
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
    } else {
      builder.redirectOutput(results.toFile()).redirectError(output.toFile());
    }
    return new TrawlProcess(builder.start(), output);
  }

  /** The exit status, when it has ended. */
  int exit() throws InterruptedException {
    return process.waitFor();
  }

  String text() throws IOException {
    return Files.readString(output, UTF_8);
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
