package org.trawl.driver.cli;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.trawl.driver.Signal;

/**
 * Stands in for what runs pods: each is a process of this machine at 127.0.0.1, started as the
 * entry point of Spark's image starts it, but in no container. Paths inside the container, wherever
 * a pod or its config maps have them, are replaced by those of the folders that would be mounted.
 */
final class Kubelet implements AutoCloseable {
  private static final String ENTRYPOINT =
      """
      java=$JAVA_HOME/bin/java
      case $1 in
        driver)
          shift
          { read -r _; mapfile -d '' -t command; } < <("$java" -Xmx128m -cp "$SPARK_HOME/jars/*" \\
            org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit \\
            --conf "spark.driver.bindAddress=$SPARK_DRIVER_BIND_ADDRESS" --deploy-mode client "$@")
          exec "${command[@]}" ;;
        executor)
          mapfile -t options < <(env | sort -V | sed -n 's/^SPARK_JAVA_OPT_[0-9]*=//p')
          exec "$java" "${options[@]}" "-Xms$SPARK_EXECUTOR_MEMORY" "-Xmx$SPARK_EXECUTOR_MEMORY" \\
            -cp "$SPARK_CONF_DIR:$SPARK_CLASSPATH:$SPARK_HOME/jars/*:$SPARK_DIST_CLASSPATH" \\
            org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \\
            --driver-url "$SPARK_DRIVER_URL" --executor-id "$SPARK_EXECUTOR_ID" \\
            --cores "$SPARK_EXECUTOR_CORES" --app-id "$SPARK_APPLICATION_ID" \\
            --hostname "$SPARK_EXECUTOR_POD_IP" --podName "$SPARK_EXECUTOR_POD_NAME" \\
            --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" ;;
      esac
      """;

  private final KubernetesClient api;
  private final Map<String, Path> image;
  private final String libraries;
  private final Path folder;

  /** Of each pod that was started, by its name; names of executors are never used again. */
  private final Map<String, Process> processes = new HashMap<>();

  /**
   * @param image folders and files by their paths inside the image
   * @param libraries class path of what Spark's folder in the image lacks here
   * @param folder where volumes lie, and what pods print
   */
  Kubelet(KubernetesClient api, Map<String, Path> image, String libraries, Path folder) {
    this.api = api;
    this.image = image;
    this.libraries = libraries;
    this.folder = folder;
  }

  /** A claim's volume. */
  Path volume(String claim) {
    return folder.resolve(claim);
  }

  /** Starts pods that wait, tells how they ended, and ends those that were deleted. */
  void step() throws IOException {
    Map<String, Pod> pods =
        api.pods().list().getItems().stream()
            .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), pod -> pod));
    for (Pod pod : pods.values()) {
      String name = pod.getMetadata().getName();
      Process process = processes.get(name);
      if (process == null) {
        start(pod);
      } else if (!process.isAlive() && pod.getStatus().getPhase().equals("Running")) {
        status(pod, process.exitValue() == 0 ? "Succeeded" : "Failed", process.exitValue());
      }
    }
    for (String name : List.copyOf(processes.keySet())) {
      if (!pods.containsKey(name)) {
        kill(name);
        processes.remove(name);
      }
    }
  }

  /** SIGKILL. */
  void kill(String pod) {
    processes.get(pod).destroyForcibly().onExit().join();
  }

  /** SIGSTOP, SIGCONT and the like. */
  void signal(String pod, String signal) throws IOException, InterruptedException {
    Signal.send(signal, processes.get(pod).pid());
  }

  String output(String pod) throws IOException {
    Path file = folder.resolve(pod + ".txt");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  @Override
  public void close() {
    List.copyOf(processes.keySet()).forEach(this::kill);
  }

  /** Starts a pod's process, unless one of its config maps is not there yet. */
  private void start(Pod pod) throws IOException {
    String name = pod.getMetadata().getName();
    Container container = pod.getSpec().getContainers().get(0);
    Map<String, Volume> volumes =
        pod.getSpec().getVolumes().stream()
            .collect(Collectors.toMap(Volume::getName, volume -> volume));
    Path own = folder.resolve(pod.getMetadata().getUid());
    // Longer paths first.
    Map<String, Path> paths = new TreeMap<>(Comparator.<String>reverseOrder());
    paths.putAll(image);
    Map<Path, String> files = new HashMap<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      Volume volume = volumes.get(mount.getName());
      Path at = Files.createDirectories(own.resolve(mount.getName()));
      if (volume.getConfigMap() != null) {
        ConfigMap map = api.configMaps().withName(volume.getConfigMap().getName()).get();
        if (map == null) {
          return;
        }
        Map<String, String> names =
            volume.getConfigMap().getItems().stream()
                .collect(Collectors.toMap(KeyToPath::getKey, KeyToPath::getPath));
        map.getData()
            .forEach((key, text) -> files.put(at.resolve(names.getOrDefault(key, key)), text));
        paths.put(mount.getMountPath(), at);
      } else if (volume.getPersistentVolumeClaim() != null) {
        paths.put(mount.getMountPath(), volume(volume.getPersistentVolumeClaim().getClaimName()));
      } else {
        paths.put(mount.getMountPath(), at);
      }
    }
    for (Map.Entry<Path, String> file : files.entrySet()) {
      Files.writeString(file.getKey(), outside(file.getValue(), paths));
    }
    List<String> command = new ArrayList<>(List.of("bash", "-c", ENTRYPOINT, "entrypoint"));
    container.getArgs().forEach(argument -> command.add(outside(argument, paths)));
    ProcessBuilder process =
        new ProcessBuilder(command)
            .directory(own.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".txt").toFile());
    Map<String, String> environment = process.environment();
    environment.clear();
    for (EnvVar variable : container.getEnv()) {
      environment.put(variable.getName(), outside(value(variable, name), paths));
    }
    environment.put("PATH", System.getenv("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_HOME", image.get("/opt/spark").toString());
    environment.put("SPARK_SCALA_VERSION", System.getenv("SPARK_SCALA_VERSION"));
    environment.put("SPARK_DIST_CLASSPATH", libraries);
    // What does not train is compiled faster.
    String compiler = command.contains("driver") ? " -XX:TieredStopAtLevel=1" : "";
    String account = ApiServer.option(pod.getSpec().getServiceAccountName());
    environment.put(
        "JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts() + compiler + " " + account);
    processes.put(name, process.start());
    status(pod, "Running", null);
  }

  private static String value(EnvVar variable, String pod) {
    if (variable.getValueFrom() == null) {
      return variable.getValue() == null ? "" : variable.getValue();
    }
    return switch (variable.getValueFrom().getFieldRef().getFieldPath()) {
      case "status.podIP" -> "127.0.0.1";
      case "metadata.name" -> pod;
      default -> throw new IllegalArgumentException(variable.toString());
    };
  }

  private static String outside(String text, Map<String, Path> paths) {
    String any = paths.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    return Pattern.compile("(?<![\\w.-])(" + any + ")(?=[/,;:\\s\"]|$)")
        .matcher(text)
        .replaceAll(path -> Matcher.quoteReplacement(paths.get(path.group(1)).toString()));
  }

  /** Names of services, which JVMs look up in a file. */
  private Path hosts() throws IOException {
    StringBuilder names = new StringBuilder("127.0.0.1 localhost ");
    names.append(InetAddress.getLocalHost().getHostName());
    for (Service service : api.services().list().getItems()) {
      String name = service.getMetadata().getName();
      names.append(' ').append(name).append('.').append(api.getNamespace()).append(".svc");
    }
    Path part = Files.writeString(folder.resolve("hosts.part"), names);
    return Files.move(part, folder.resolve("hosts"), StandardCopyOption.ATOMIC_MOVE);
  }

  private void status(Pod pod, String phase, Integer exit) {
    var container =
        new PodBuilder(pod)
            .editOrNewStatus()
            .withPhase(phase)
            .withPodIP("127.0.0.1")
            .withContainerStatuses()
            .addNewContainerStatus()
            .withName(pod.getSpec().getContainers().get(0).getName())
            .withReady(exit == null)
            .withNewState();
    var state =
        exit == null
            ? container.withNewRunning().endRunning()
            : container.withNewTerminated().withExitCode(exit).endTerminated();
    Pod told = state.endState().endContainerStatus().endStatus().build();
    api.pods()
        .withName(pod.getMetadata().getName())
        .editStatus(current -> new PodBuilder(current).withStatus(told.getStatus()).build());
  }
}
