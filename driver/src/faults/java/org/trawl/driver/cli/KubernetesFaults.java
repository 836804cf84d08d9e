package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;

/**
 * {@code deploy/kubernetes} with Spark's own side of Kubernetes: {@code spark-submit} in cluster
 * mode makes a driver pod, and the driver makes executor pods, watches them and replaces them. The
 * other side is simulated: {@link ApiServer}, {@link Kubelet}, and here the Spark operator, which
 * turns sweep.yaml into arguments of {@code spark-submit}. Each run is compared with an undisturbed
 * local one. In the profile {@code faults}.
 */
@Timeout(300)
class KubernetesFaults {
  private static final Path HOME = Path.of(System.getProperty("trawl.home"));
  private static final Path FILES = HOME.resolve("deploy/kubernetes");
  private static final Set<String> TIMING =
      Set.of("seconds", "samples_per_second", "started", "ended", "host", "attempt", "executor");

  /** Longer trials, in segments of ten epochs. */
  private static final List<String> LONGER =
      List.of(
          "--set=training.epochs=120",
          "--set=keep.every=10",
          "--set=sweep.network.hidden=[[32], [128]]",
          "--set=sweep.training.learning-rate=[0.03, 0.3]");

  @TempDir private static Path folder;
  private static ApiServer server;
  private static KubernetesClient api;
  private static Path image;
  private static Kubelet kubelet;
  private static GenericKubernetesResource application;

  @BeforeAll
  static void startCluster() throws IOException {
    server = new ApiServer(FILES.resolve("roles.yaml"));
    api = server.client();
    image = image();
    kubelet =
        new Kubelet(
            server.client(),
            image,
            Files.createDirectories(folder.resolve("cluster")),
            (account, secrets) -> {
              Files.writeString(secrets.resolve("token"), account);
              Files.writeString(secrets.resolve("ca.crt"), "");
            });
    try (InputStream file = Files.newInputStream(FILES.resolve("sweep.yaml"))) {
      application = Serialization.unmarshal(file, GenericKubernetesResource.class);
    }
  }

  @AfterAll
  static void stopCluster() {
    kubelet.close();
    api.close();
    server.close();
  }

  /** The image's /opt: what the Containerfile copies, and a Spark with its client of Kubernetes. */
  private static Path image() throws IOException {
    Path root = Path.of("target", "kubernetes").toAbsolutePath();
    int copies = 0;
    for (String line : Files.readAllLines(FILES.resolve("Containerfile"))) {
      if (line.startsWith("COPY ")) {
        String[] words = line.split(" ");
        Path source = HOME.resolve(words[1]);
        assertTrue(Files.exists(source), () -> source + ", which the Containerfile copies");
        Path target = root.resolve(words[2].substring(1));
        link(target, source);
        copies++;
      }
    }
    assertEquals(3, copies);
    Path jars = root.resolve("opt/spark/jars");
    try (var spark = Files.list(Path.of("target/spark/jars").toAbsolutePath())) {
      for (Path jar : (Iterable<Path>) spark::iterator) {
        link(jars.resolve(jar.getFileName()), jar);
      }
    }
    for (String entry :
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
            .split(":")) {
      String name = Path.of(entry).getFileName().toString();
      if (name.matches(
              "(spark-kubernetes|kubernetes-(client|httpclient|model)|vertx|zjsonpatch|snakeyaml"
                  + "|jackson-dataformat-yaml|volcano|netty-(codec|handler|resolver)).*[.]jar")
          && !Files.exists(jars.resolve(name))) {
        link(jars.resolve(name), Path.of(entry));
      }
    }
    return root;
  }

  private static void link(Path link, Path target) throws IOException {
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
  }

  @Test
  void theOperatorsSweepEndsWithTheTablesOfALocalRun() throws Exception {
    submit("plain", 2, List.of());
    Pod driver = ended();
    assertEquals("Succeeded", driver.getStatus().getPhase(), () -> output("quickstart-driver"));
    assertSame("plain", List.of());

    // Spark makes the secret of spark.authenticate itself, and its driver gives it to executors.
    assertFalse(driver.toString().contains("spark.authenticate.secret"));
    Set<String> asked = new TreeSet<>(server.requests());
    assertEquals(Set.of(), without(asked, server.granted("trawl")), "asked, but not granted");
    assertTrue(asked.contains("create pods"), asked.toString());
    assertTrue(asked.contains("watch pods"), asked.toString());
  }

  @Test
  void aDriverAndAnExecutorThatAreKilledCostNothing() throws Exception {
    submit("killed", 2, LONGER);
    await("the first segments", () -> segments("killed") >= 8);
    List<String> orphans = kubelet.alive("executor");
    assertEquals(2, orphans.size());
    kubelet.kill("quickstart-driver");
    ContainerStateTerminated killed =
        ended().getStatus().getContainerStatuses().get(0).getState().getTerminated();
    assertEquals(137, killed.getExitCode());
    long kept = segments("killed");

    // As the operator does by restartPolicy.
    assertEquals("OnFailure", application.get("spec", "restartPolicy", "type"));
    api.pods().inNamespace("default").withName("quickstart-driver").delete();
    await("the end of the executors", () -> kubelet.alive("executor").isEmpty());
    submit("killed", 2, LONGER);
    await("further segments", () -> segments("killed") >= kept + 4);
    List<String> before = kubelet.alive("executor");
    assertEquals(2, before.size());
    kubelet.kill(before.get(0));
    await(
        "another executor",
        () -> kubelet.alive("executor").stream().anyMatch(pod -> !before.contains(pod)));
    assertEquals("Succeeded", ended().getStatus().getPhase(), () -> output("quickstart-driver"));
    assertSame("killed", LONGER);
    assertEquals(12 * 12, segments("killed"));
    List<Map<String, Object>> lost =
        run("killed").rows(Table.ATTEMPTS).stream()
            .filter(row -> "LOST".equals(row.get("outcome")))
            .toList();
    assertFalse(lost.isEmpty());
    for (Map<String, Object> attempt : lost) {
      assertTrue(attempt.get("cause").toString().contains("137"), lost.toString());
      assertTrue(attempt.get("host").toString().startsWith("127.0.0."), lost.toString());
    }
  }

  /** As the operator does: its arguments of spark-submit, from the application's fields. */
  private static void submit(String out, int executors, List<String> more) throws Exception {
    api.pods().inNamespace("default").withName("quickstart-driver").delete();
    await("the end of pods", () -> api.pods().inNamespace("default").list().getItems().isEmpty());
    Map<String, String> settings = new LinkedHashMap<>();
    Map<String, String> given = application.get("spec", "sparkConf");
    settings.putAll(given);
    settings.put("spark.kubernetes.namespace", "default");
    settings.put("spark.kubernetes.container.image", application.get("spec", "image"));
    settings.put("spark.kubernetes.submission.waitAppCompletion", "false");
    settings.put("spark.kubernetes.driver.pod.name", "quickstart-driver");
    settings.put(
        "spark.kubernetes.authenticate.driver.serviceAccountName",
        application.get("spec", "driver", "serviceAccount"));
    for (String role : List.of("driver", "executor")) {
      volumes(role, settings);
    }
    settings.put("spark.driver.cores", "" + application.get("spec", "driver", "cores"));
    // The size, and where the simulated cluster has what a real one has in every pod.
    settings.put("spark.driver.memory", "512m");
    settings.put("spark.executor.memory", "512m");
    settings.put("spark.executor.cores", "1");
    settings.put("spark.executor.instances", "" + executors);
    settings.put("spark.kubernetes.driver.master", server.address());
    settings.put(
        "spark.kubernetes.authenticate.driver.mounted.oauthTokenFile",
        "/var/run/secrets/kubernetes.io/serviceaccount/token");
    settings.put(
        "spark.kubernetes.authenticate.driver.mounted.caCertFile",
        "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt");

    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(image.resolve("opt/spark/jars") + "/*");
    command.add("org.apache.spark.deploy.SparkSubmit");
    command.addAll(List.of("--master", "k8s://" + server.address()));
    command.addAll(List.of("--deploy-mode", application.get("spec", "mode")));
    command.addAll(List.of("--class", application.get("spec", "mainClass")));
    command.addAll(List.of("--name", application.getMetadata().getName()));
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.add(application.get("spec", "mainApplicationFile"));
    List<String> arguments = application.get("spec", "arguments");
    arguments.stream()
        .map(argument -> argument.equals("/runs/quickstart") ? "/runs/" + out : argument)
        .forEach(command::add);
    command.addAll(more);
    Path printed = folder.resolve("submission-" + out + ".txt");
    ProcessBuilder submission =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile());
    submission.environment().put("SPARK_HOME", image.resolve("opt/spark").toString());
    submission.environment().put("KUBECONFIG", folder.resolve("none").toString());
    Process process = submission.start();
    try {
      assertEquals(0, process.waitFor(), Files.readString(printed));
    } finally {
      process.destroyForcibly();
    }
  }

  /** The operator's webhook adds claims and mounts to pods; Spark has settings for the same. */
  private static void volumes(String role, Map<String, String> settings) {
    List<Map<String, Object>> volumes = application.get("spec", "volumes");
    List<Map<String, Object>> mounts = application.get("spec", role, "volumeMounts");
    for (Map<String, Object> mount : mounts) {
      Map<?, ?> claim =
          (Map<?, ?>)
              volumes.stream()
                  .filter(volume -> volume.get("name").equals(mount.get("name")))
                  .findFirst()
                  .orElseThrow()
                  .get("persistentVolumeClaim");
      String prefix =
          "spark.kubernetes.%s.volumes.persistentVolumeClaim.%s."
              .formatted(role, mount.get("name"));
      settings.put(prefix + "options.claimName", claim.get("claimName").toString());
      settings.put(prefix + "mount.path", mount.get("mountPath").toString());
    }
  }

  /** The driver's pod, when it has ended. */
  private static Pod ended() throws Exception {
    List<Pod> ended = new ArrayList<>();
    await(
        "the end of the driver",
        () -> {
          Pod pod = api.pods().inNamespace("default").withName("quickstart-driver").get();
          ended.add(pod);
          return pod.getStatus() != null
              && Set.of("Succeeded", "Failed").contains(pod.getStatus().getPhase());
        });
    return ended.get(ended.size() - 1);
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + 120_000_000_000L;
    while (!condition.call()) {
      kubelet.check();
      assertTrue(
          System.nanoTime() < deadline,
          () -> what + " did not come\n" + output("quickstart-driver"));
      Thread.sleep(100);
    }
  }

  private static String output(String pod) {
    try {
      return kubelet.output(pod);
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  private static RunFolder run(String name) throws IOException {
    return RunFolder.at(kubelet.volume("trawl-runs").resolve(name).toString());
  }

  private static long segments(String name) throws IOException {
    return run(name).journal().segmentCount();
  }

  private static void assertSame(String name, List<String> more) throws Exception {
    Path local = folder.resolve("local-" + name);
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.add(HOME.resolve("sweeps/quickstart.conf").toString());
    arguments.addAll(List.of("--out", local.toString(), "--master", "local[2]"));
    arguments.addAll(more);
    try (TrawlProcess undisturbed =
        TrawlProcess.start(folder, List.of(), arguments.toArray(String[]::new))) {
      assertEquals(0, undisturbed.exit(), undisturbed.text());
    }
    RunFolder expected = RunFolder.at(local.toString());
    assertFalse(expected.rows(Table.EPOCHS).isEmpty());
    for (Table table : Table.ALL) {
      if (!table.equals(Table.ATTEMPTS)) {
        assertEquals(rows(expected, table), rows(run(name), table), table.name());
      }
    }
  }

  private static List<Map<String, Object>> rows(RunFolder run, Table table) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Map<String, Object> row : run.rows(table)) {
      Map<String, Object> lasting = new LinkedHashMap<>(row);
      lasting.keySet().removeAll(TIMING);
      rows.add(lasting);
    }
    return rows;
  }

  private static Set<String> without(Set<String> some, Set<String> others) {
    Set<String> rest = new TreeSet<>(some);
    rest.removeAll(others);
    return rest;
  }
}
