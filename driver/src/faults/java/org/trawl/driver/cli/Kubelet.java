package org.trawl.driver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Stands in for what runs pods in Kubernetes: each pod is a process on this machine with an address
 * of its own (127.0.0.x), started as the entry point of Spark's image starts it, without a
 * container. What the pod's specification says of paths inside the container is rewritten to the
 * folders that are mounted there. The pod's status follows the process, and the process ends with
 * the pod. Names of services, garbage collection of what a deleted pod owned, and service accounts'
 * tokens are here too.
 */
final class Kubelet implements AutoCloseable {
  private static final String NAMESPACE = "default";
  private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

  private final KubernetesClient api;
  private final Path image;
  private final Path folder;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Thread loop = new Thread(this::run, "kubelet");
  private int started;
  private volatile boolean closed;
  private volatile Throwable failure;

  /** The account's secret files. */
  interface Account {
    void write(String account, Path folder) throws IOException;
  }

  private final Account accounts;

  private record Running(Pod pod, Process process) {}

  /**
   * @param image the file system of the one image; of it, /opt alone
   * @param folder for volumes and what pods print
   */
  Kubelet(KubernetesClient api, Path image, Path folder, Account accounts) {
    this.api = api;
    this.image = image;
    this.folder = folder;
    this.accounts = accounts;
    loop.start();
  }

  /** A claim's volume. */
  Path volume(String claim) throws IOException {
    return Files.createDirectories(folder.resolve("volumes").resolve(claim));
  }

  /** Names of the pods whose processes run, by their role: driver or executor. */
  List<String> alive(String role) {
    check();
    return running.values().stream()
        .filter(run -> run.process.isAlive())
        .map(run -> run.pod.getMetadata())
        .filter(pod -> role.equals(pod.getLabels().get("spark-role")))
        .map(pod -> pod.getName())
        .sorted()
        .toList();
  }

  /** SIGKILL to the pod's process. */
  void kill(String pod) {
    running.values().stream()
        .filter(run -> run.pod.getMetadata().getName().equals(pod))
        .forEach(run -> run.process.destroyForcibly().onExit().join());
  }

  /** What a pod printed. */
  String output(String pod) throws IOException {
    Path file = folder.resolve(pod + ".txt");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** Fails where the loop did. */
  void check() {
    if (failure != null) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      loop.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    running.values().forEach(run -> run.process.destroyForcibly().onExit().join());
    api.close();
  }

  private void run() {
    try {
      while (!closed) {
        step();
        Thread.sleep(100);
      }
    } catch (IOException | InterruptedException | RuntimeException stopped) {
      failure = stopped;
    }
  }

  private void step() throws IOException, InterruptedException {
    List<Pod> pods = api.pods().inNamespace(NAMESPACE).list().getItems();
    Set<String> ids =
        pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
    collect(pods, ids);
    collect(api.services().inNamespace(NAMESPACE).list().getItems(), ids);
    collect(api.configMaps().inNamespace(NAMESPACE).list().getItems(), ids);
    running
        .entrySet()
        .removeIf(
            entry -> {
              boolean deleted = !ids.contains(entry.getKey());
              if (deleted) {
                entry.getValue().process.destroyForcibly().onExit().join();
              }
              return deleted;
            });
    names(pods);
    for (Pod pod : pods) {
      String id = pod.getMetadata().getUid();
      Running run = running.get(id);
      if (run == null) {
        String address = "127.0.0." + (10 + started++);
        running.put(id, new Running(pod, start(pod, address)));
        status(pod, "Running", address, null);
      } else if (!run.process.isAlive() && "Running".equals(pod.getStatus().getPhase())) {
        int exit = run.process.exitValue();
        status(pod, exit == 0 ? "Succeeded" : "Failed", pod.getStatus().getPodIP(), exit);
      }
    }
  }

  /** Deletes what a pod owned that is no more. */
  private void collect(List<? extends HasMetadata> objects, Set<String> ids) {
    for (HasMetadata object : objects) {
      if (object.getMetadata().getOwnerReferences().stream()
          .anyMatch(owner -> owner.getKind().equals("Pod") && !ids.contains(owner.getUid()))) {
        api.resource(object).delete();
      }
    }
  }

  /** Services' names, which JVMs look up in a file. */
  private void names(List<Pod> pods) throws IOException {
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
    hosts.append("127.0.0.1 ").append(InetAddress.getLocalHost().getHostName()).append('\n');
    api.services()
        .inNamespace(NAMESPACE)
        .list()
        .getItems()
        .forEach(
            service ->
                pods.stream()
                    .filter(pod -> selected(pod, service.getSpec().getSelector()))
                    .filter(pod -> running.containsKey(pod.getMetadata().getUid()))
                    .forEach(
                        pod ->
                            hosts
                                .append(pod.getStatus().getPodIP())
                                .append(' ')
                                .append(service.getMetadata().getName())
                                .append('.' + NAMESPACE + ".svc\n")));
    Path written = folder.resolve("hosts.new");
    Files.writeString(written, hosts);
    Files.move(written, folder.resolve("hosts"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean selected(Pod pod, Map<String, String> selector) {
    return selector != null
        && !selector.isEmpty()
        && pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet());
  }

  private void status(Pod pod, String phase, String address, Integer exit) {
    Container container = pod.getSpec().getContainers().get(0);
    var status =
        new PodBuilder(pod)
            .editOrNewStatus()
            .withPhase(phase)
            .withPodIP(address)
            .withHostIP("127.0.0.1")
            .withConditions()
            .addNewCondition()
            .withType("Ready")
            .withStatus(exit == null ? "True" : "False")
            .endCondition()
            .withContainerStatuses()
            .addNewContainerStatus()
            .withName(container.getName())
            .withImage(container.getImage())
            .withImageID(container.getImage())
            .withReady(exit == null)
            .withRestartCount(0)
            .withNewState()
            .endState()
            .endContainerStatus();
    var state = status.editContainerStatus(0).editState();
    var known =
        exit == null
            ? state.withNewRunning().endRunning()
            : state
                .withNewTerminated()
                .withExitCode(exit)
                .withReason(exit == 0 ? "Completed" : "Error")
                .endTerminated();
    Pod told = known.endState().endContainerStatus().endStatus().build();
    api.pods()
        .inNamespace(NAMESPACE)
        .withName(pod.getMetadata().getName())
        .editStatus(current -> new PodBuilder(current).withStatus(told.getStatus()).build());
  }

  private Process start(Pod pod, String address) throws IOException, InterruptedException {
    String name = pod.getMetadata().getName();
    Path files = Files.createDirectories(folder.resolve(pod.getMetadata().getUid()));
    Container container = pod.getSpec().getContainers().get(0);
    Map<String, Path> mounts = mounts(pod, container, files);
    Map<String, String> environment = new TreeMap<>();
    for (EnvVar variable : container.getEnv()) {
      String value = variable.getValue();
      if (variable.getValueFrom() != null) {
        String field = variable.getValueFrom().getFieldRef().getFieldPath();
        value =
            switch (field) {
              case "status.podIP" -> address;
              case "metadata.name" -> name;
              default -> throw new IllegalArgumentException("unexpected field " + field);
            };
      }
      environment.put(variable.getName(), value == null ? "" : mounted(value, mounts));
    }
    String home = mounted("/opt/spark", mounts);
    environment.put("SPARK_HOME", home);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + folder.resolve("hosts"));
    List<String> arguments =
        container.getArgs().stream().map(argument -> mounted(argument, mounts)).toList();
    List<String> command =
        switch (arguments.get(0)) {
          case "driver" -> driver(environment, arguments.subList(1, arguments.size()));
          case "executor" -> executor(environment, files);
          default -> throw new IllegalArgumentException("unexpected arguments " + arguments);
        };
    return process(command, environment, files)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".txt").toFile())
        .start();
  }

  /** Where the container's paths lie on this machine, longer ones first. */
  private Map<String, Path> mounts(Pod pod, Container container, Path files) throws IOException {
    Map<String, Path> mounts =
        new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(p -> p));
    for (String part : List.of("/opt/spark", "/opt/trawl")) {
      mounts.put(part, image.resolve(part.substring(1)));
    }
    Map<String, Volume> volumes =
        pod.getSpec().getVolumes().stream()
            .collect(Collectors.toMap(Volume::getName, volume -> volume));
    Map<Path, ConfigMap> maps = new LinkedHashMap<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      Volume volume = volumes.get(mount.getName());
      Path at = Files.createDirectories(files.resolve(mount.getName()));
      if (volume == null || volume.getProjected() != null) {
        continue; // The server's own, of the account.
      } else if (volume.getPersistentVolumeClaim() != null) {
        at = volume(volume.getPersistentVolumeClaim().getClaimName());
      } else if (volume.getConfigMap() != null) {
        String map = volume.getConfigMap().getName();
        maps.put(at, api.configMaps().inNamespace(NAMESPACE).withName(map).get());
      } else if (volume.getEmptyDir() == null) {
        throw new IllegalArgumentException("unexpected volume " + volume);
      }
      mounts.put(mount.getMountPath(), at);
    }
    String account = pod.getSpec().getServiceAccountName();
    if (account != null) {
      Path secrets = Files.createDirectories(files.resolve("account"));
      accounts.write(account, secrets);
      mounts.put(ACCOUNT, secrets);
    }
    for (Map.Entry<Path, ConfigMap> map : maps.entrySet()) {
      for (Map.Entry<String, String> file : map.getValue().getData().entrySet()) {
        Files.writeString(map.getKey().resolve(file.getKey()), mounted(file.getValue(), mounts));
      }
    }
    return mounts;
  }

  private static String mounted(String text, Map<String, Path> mounts) {
    String rewritten = text;
    int mark = 0;
    List<Path> places = new ArrayList<>(mounts.values());
    for (String path : mounts.keySet()) {
      rewritten =
          rewritten.replaceAll(
              "(?<![\\w.-])" + java.util.regex.Pattern.quote(path) + "(?=[/,;: \n\"]|$)",
              "\u0001" + mark++ + "\u0002");
    }
    for (int i = 0; i < mark; i++) {
      rewritten = rewritten.replace("\u0001" + i + "\u0002", places.get(i).toString());
    }
    return rewritten;
  }

  /** As {@code driver} of entrypoint.sh: {@code bin/spark-submit}, which asks Spark's launcher. */
  private List<String> driver(Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> asked =
        new ArrayList<>(
            List.of(
                environment.get("JAVA_HOME") + "/bin/java",
                "-Xmx128m",
                "-cp",
                environment.get("SPARK_HOME") + "/jars/*",
                "org.apache.spark.launcher.Main",
                "org.apache.spark.deploy.SparkSubmit",
                "--conf",
                "spark.driver.bindAddress=" + environment.get("SPARK_DRIVER_BIND_ADDRESS"),
                "--conf",
                "spark.executorEnv.SPARK_DRIVER_POD_IP="
                    + environment.get("SPARK_DRIVER_BIND_ADDRESS"),
                "--deploy-mode",
                "client"));
    asked.addAll(arguments);
    Process launcher =
        process(asked, environment, folder)
            .redirectError(folder.resolve("launcher.txt").toFile())
            .start();
    String answer = new String(launcher.getInputStream().readAllBytes(), UTF_8);
    if (launcher.waitFor() != 0) {
      throw new IOException(Files.readString(folder.resolve("launcher.txt")) + answer);
    }
    return List.of(answer.substring(answer.indexOf("\u0000\n") + 2).split("\u0000"));
  }

  /** As {@code executor} of entrypoint.sh. */
  private static List<String> executor(Map<String, String> environment, Path files) {
    List<String> command = new ArrayList<>();
    command.add(environment.get("JAVA_HOME") + "/bin/java");
    environment.forEach(
        (variable, value) -> {
          if (variable.startsWith("SPARK_JAVA_OPT_")) {
            command.add(value);
          }
        });
    String memory = environment.get("SPARK_EXECUTOR_MEMORY");
    command.addAll(List.of("-Xms" + memory, "-Xmx" + memory, "-cp"));
    command.add(
        String.join(
            ":",
            environment.get("SPARK_CONF_DIR"),
            environment.getOrDefault("SPARK_CLASSPATH", ""),
            environment.get("SPARK_HOME") + "/jars/*",
            files.toString()));
    command.add("org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend");
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--driver-url", "SPARK_DRIVER_URL");
    options.put("--executor-id", "SPARK_EXECUTOR_ID");
    options.put("--cores", "SPARK_EXECUTOR_CORES");
    options.put("--app-id", "SPARK_APPLICATION_ID");
    options.put("--hostname", "SPARK_EXECUTOR_POD_IP");
    options.put("--resourceProfileId", "SPARK_RESOURCE_PROFILE_ID");
    options.put("--podName", "SPARK_EXECUTOR_POD_NAME");
    options.forEach(
        (option, variable) -> command.addAll(List.of(option, environment.get(variable))));
    return command;
  }

  private static ProcessBuilder process(
      List<String> command, Map<String, String> environment, Path folder) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }
}
