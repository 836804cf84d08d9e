package org.trawl.driver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.SameTables;
import org.trawl.driver.results.SegmentName;
import org.trawl.driver.results.Table;

/**
 * {@code deploy/kubernetes} with Spark's own side of Kubernetes: {@code spark-submit} in cluster
 * mode makes the driver's pod, and the driver makes executors' pods, watches and replaces them. The
 * other side is simulated: fabric8's server, which keeps objects in memory, with {@link ApiServer};
 * {@link Kubelet}; and here the Spark operator, which makes arguments of {@code spark-submit} of
 * sweep.yaml. In the profile {@code faults}.
 */
@Timeout(600)
class KubernetesFaults {
  private static final Path HOME = Path.of(System.getProperty("trawl.home"));
  private static final Path FILES = HOME.resolve("deploy/kubernetes");
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver");
  private static final String DRIVER = "quickstart-driver";

  /** 6 trials of 10 segments. */
  private static final List<String> LONGER =
      List.of(
          "--set=training.epochs=600",
          "--set=keep.every=60",
          "--set=sweep.network.hidden=[[32], [128]]",
          "--set=sweep.training.learning-rate=[0.3]");

  private static final int SEGMENTS = 6 * 10;

  @TempDir private static Path folder;
  private static ApiServer objects;
  private static KubernetesMockServer server;
  private static NamespacedKubernetesClient api;
  private static Kubelet kubelet;
  private static GenericKubernetesResource sweep;

  @BeforeAll
  static void startCluster() throws IOException {
    REQUESTS.setLevel(Level.WARNING);
    objects = new ApiServer();
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), objects, false);
    server.init();
    api = server.createClient();
    try (InputStream file = Files.newInputStream(FILES.resolve("roles.yaml"))) {
      objects.grant(api.getNamespace(), api.load(file).items());
    }
    kubelet = new Kubelet(api, image(), libraries(), folder);
    try (InputStream file = Files.newInputStream(FILES.resolve("sweep.yaml"))) {
      sweep = Serialization.unmarshal(file, GenericKubernetesResource.class);
    }
  }

  @AfterAll
  static void stopCluster() {
    kubelet.close();
    api.close();
    server.destroy();
  }

  private static String address() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** What the Containerfile copies, and Spark. */
  private static Map<String, Path> image() throws IOException {
    Map<String, Path> image = new TreeMap<>();
    for (String line : Files.readAllLines(FILES.resolve("Containerfile"))) {
      if (line.startsWith("COPY ")) {
        String[] words = line.split(" ");
        Path source = HOME.resolve(words[1]);
        assertTrue(Files.exists(source), () -> source + ", which the Containerfile copies");
        image.put(words[2], source);
      }
    }
    image.put("/opt/trawl", HOME);
    image.put("/opt/spark", HOME.resolve("driver/target/spark"));
    return image;
  }

  /** Spark's module for Kubernetes, which its image has and target/spark has not. */
  private static String libraries() {
    return Arrays.stream(
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(":"))
        .filter(
            jar ->
                jar.matches(
                    ".*/(spark-kubernetes|kubernetes-|volcano-|vertx-|zjsonpatch|snakeyaml)[^/]*"))
        .collect(Collectors.joining(":"));
  }

  @Test
  void aDriverAndAnExecutorThatAreKilledCostNothing() throws Exception {
    submit(List.of("--properties-file", "deploy/kubernetes/spark-defaults.conf"), new TreeMap<>());
    await("the first segments", () -> segments() >= 2);
    kubelet.kill(DRIVER);
    await("its end", () -> phase().equals("Failed"));
    assertTrue(segments() < SEGMENTS / 2, "it was killed long before the end");

    // The operator goes on, after Kubernetes has deleted the pods.
    api.pods().delete();
    kubelet.step();
    Set<String> begun = segmentsByTrial().keySet();
    submit(List.of(), operatorsSettings());
    await("an executor", () -> !executors().isEmpty());
    String executor = executors().get(0);
    assertPod("driver", DRIVER);
    assertPod("executor", executor);
    await("the middle of a trial", () -> stopsInMidTrial(executor, begun));
    kubelet.kill(executor);
    await("another executor", () -> executors().stream().anyMatch(name -> !name.equals(executor)));
    await("the end", () -> Set.of("Succeeded", "Failed").contains(phase()));
    assertEquals("Succeeded", phase(), () -> output(DRIVER));

    String local = folder.resolve("undisturbed").toString();
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.add(HOME.resolve("sweeps/quickstart.conf").toString());
    arguments.addAll(List.of("--out", local, "--master", "local[2]"));
    arguments.addAll(LONGER);
    try (TrawlProcess run =
        TrawlProcess.start(folder, List.of(), arguments.toArray(String[]::new))) {
      assertEquals(0, run.exit(), run.text());
    }
    assertEquals(List.of(), objects.takeRefused());
    // A column tells the kernels: pods have the module of the fast ones too.
    SameTables.assertSame(RunFolder.at(local), run());
    assertEquals(SEGMENTS, segments());
    assertTrue(
        run().rows(Table.ATTEMPTS).stream()
            .map(row -> String.valueOf(row.get("cause")))
            .anyMatch(cause -> cause.startsWith("ExecutorLostFailure") && cause.contains("137")),
        () -> run().rows(Table.ATTEMPTS).toString());
  }

  /** That the driver may do what it does, the other test shows. */
  @Test
  void anAccountMayDoNothingElse() {
    Config config = new ConfigBuilder().withMasterUrl(address()).build();
    config.setNamespace(api.getNamespace());
    config.setUserAgent("trawl");
    try (KubernetesClient account = new KubernetesClientBuilder().withConfig(config).build()) {
      account.pods().list();
      assertEquals(List.of(), objects.takeRefused());
      assertForbidden(() -> account.secrets().list());
      assertForbidden(() -> account.nodes().list());
      assertForbidden(() -> account.pods().inNamespace("other").list());
      assertForbidden(() -> account.rbac().roles().list());
      assertEquals(4, objects.takeRefused().size());
    }
  }

  private static void assertForbidden(Executable request) {
    assertEquals(403, assertThrows(KubernetesClientException.class, request).getCode());
  }

  @Test
  void sweepAndSettingsForSparkSubmitSayTheSame() throws IOException {
    Map<String, String> settings = settings("deploy/kubernetes/spark-defaults.conf");
    Map<String, String> operators = operatorsSettings();
    for (String role : List.of("driver", "executor")) {
      String template = "spark.kubernetes." + role + ".podTemplate";
      File own = HOME.resolve(settings.remove(template + "File")).toFile();
      File operator = new File(operators.remove(template + "File"));
      assertEquals(
          api.pods().load(own).item().getSpec().getSecurityContext(),
          api.pods().load(operator).item().getSpec().getSecurityContext());
      operators.remove(template + "ContainerName");
    }
    assertEquals(settings, operators);
    settings("conf/spark-defaults.conf")
        .forEach(
            (key, value) ->
                assertTrue(
                    key.contains(".yarn.")
                        || List.of(settings.getOrDefault(key, "").split(" "))
                            .containsAll(List.of(value.split(" "))),
                    key));
  }

  private static Map<String, String> settings(String file) throws IOException {
    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(HOME.resolve(file))) {
      read.load(reader);
    }
    Map<String, String> settings = new TreeMap<>();
    read.stringPropertyNames().forEach(key -> settings.put(key, read.getProperty(key)));
    return settings;
  }

  /** What the operator makes of the application's fields. */
  private static Map<String, String> operatorsSettings() throws IOException {
    Map<String, String> settings =
        new TreeMap<>(sweep.<Map<String, String>>get("spec", "sparkConf"));
    settings.put("spark.kubernetes.container.image", sweep.get("spec", "image"));
    settings.put(
        "spark.kubernetes.authenticate.driver.serviceAccountName",
        sweep.get("spec", "driver", "serviceAccount"));
    settings.put("spark.executor.instances", "" + sweep.get("spec", "executor", "instances"));
    for (String role : List.of("driver", "executor")) {
      settings.put("spark." + role + ".cores", "" + sweep.get("spec", role, "cores"));
      settings.put("spark." + role + ".memory", sweep.get("spec", role, "memory"));
      Path template = folder.resolve(role + "-pod-template.yaml");
      Files.writeString(template, Serialization.asYaml(sweep.get("spec", role, "template")));
      String prefix = "spark.kubernetes." + role + ".podTemplate";
      settings.put(prefix + "File", template.toString());
      settings.put(prefix + "ContainerName", "spark-kubernetes-" + role);
    }
    return settings;
  }

  /** Without settings of the operator, it is the line of deploy/README.md. */
  private static void submit(List<String> options, Map<String, String> settings) throws Exception {
    settings.put("spark.kubernetes.namespace", api.getNamespace());
    settings.put("spark.kubernetes.submission.waitAppCompletion", "false");
    settings.put("spark.kubernetes.driver.pod.name", DRIVER);
    // What is smaller here, and where the server is.
    settings.put("spark.driver.memory", "512m");
    settings.put("spark.executor.memory", "512m");
    settings.put("spark.executor.cores", "1");
    settings.put("spark.executor.instances", "1"); // so that it is known what it trains
    settings.put("spark.kubernetes.driver.master", address());

    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(HOME.resolve("driver/target/spark/jars") + "/*:" + libraries());
    command.addAll(
        List.of("org.apache.spark.deploy.SparkSubmit", "--master", "k8s://" + address()));
    command.addAll(List.of("--deploy-mode", sweep.get("spec", "mode")));
    command.addAll(List.of("--class", sweep.get("spec", "mainClass")));
    command.addAll(List.of("--name", sweep.getMetadata().getName()));
    command.addAll(options);
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.add(sweep.get("spec", "mainApplicationFile"));
    command.addAll(sweep.<List<String>>get("spec", "arguments"));
    command.addAll(LONGER);
    Path printed = folder.resolve("submission.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(HOME.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      assertEquals(0, process.waitFor(), Files.readString(printed));
    } finally {
      process.destroyForcibly();
    }
  }

  /** A pod is as deploy/kubernetes says. */
  private static void assertPod(String role, String name) {
    PodSpec pod = api.pods().withName(name).get().getSpec();
    String text = Serialization.asYaml(pod);
    Container container = pod.getContainers().get(0);
    assertEquals(sweep.get("spec", "driver", "serviceAccount"), pod.getServiceAccountName());
    assertEquals(sweep.get("spec", "image"), container.getImage());
    assertEquals(185L, pod.getSecurityContext().getFsGroup());
    String settings = "spark.kubernetes." + role + ".volumes.persistentVolumeClaim.runs.";
    String claim = sweep.get("spec", "sparkConf", settings + "options.claimName");
    String volume =
        pod.getVolumes().stream()
            .filter(each -> each.getPersistentVolumeClaim() != null)
            .filter(each -> each.getPersistentVolumeClaim().getClaimName().equals(claim))
            .map(Volume::getName)
            .findAny()
            .orElseThrow(() -> new AssertionError(text));
    assertTrue(
        container.getVolumeMounts().stream().anyMatch(each -> each.getName().equals(volume)), text);
  }

  private static List<String> executors() {
    return api.pods().withLabel("spark-role", "executor").list().getItems().stream()
        .filter(pod -> phase(pod).equals("Running"))
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private static String phase() {
    return phase(api.pods().withName(DRIVER).get());
  }

  private static String phase(Pod pod) {
    return pod.getStatus() == null ? "Pending" : pod.getStatus().getPhase();
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + 250_000_000_000L;
    while (!condition.call()) {
      assertTrue(
          System.nanoTime() < deadline && !phase().equals("Failed"),
          () -> what + " did not come\n" + output(DRIVER));
      Thread.sleep(50);
      kubelet.step();
    }
  }

  private static String output(String pod) {
    try {
      return kubelet.output(pod);
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  private static RunFolder run() {
    return RunFolder.at(kubelet.volume("trawl-runs").resolve("quickstart").toString());
  }

  /** Stops the only executor if it is at a trial that has begun since. */
  private static boolean stopsInMidTrial(String executor, Set<String> begun) throws Exception {
    if (!inMidTrial(begun)) {
      return false;
    }
    kubelet.signal(executor, "-STOP");
    boolean stopped = inMidTrial(begun);
    if (!stopped) {
      kubelet.signal(executor, "-CONT");
    }
    return stopped;
  }

  /** With a segment on its way, in its middle still. */
  private static boolean inMidTrial(Set<String> begun) throws IOException {
    return segmentsByTrial().entrySet().stream()
        .anyMatch(
            trial ->
                !begun.contains(trial.getKey()) && trial.getValue() >= 1 && trial.getValue() <= 8);
  }

  private static long segments() {
    return run().journal().segmentCount();
  }

  private static Map<String, Long> segmentsByTrial() throws IOException {
    Path journal = kubelet.volume("trawl-runs").resolve("quickstart/journal");
    try (Stream<Path> files = Files.list(journal)) {
      return files
          .flatMap(file -> SegmentName.of(file.getFileName().toString()).stream())
          .collect(Collectors.groupingBy(SegmentName::lineage, Collectors.counting()));
    }
  }
}
