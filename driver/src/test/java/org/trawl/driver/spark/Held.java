package org.trawl.driver.spark;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.trawl.driver.results.FaultyStorage;
import org.trawl.driver.results.FaultyStorage.Fault;

/**
 * Keeps a run in a process of its own from getting further than a test wants, so that the test
 * finds it there on whatever machine: plugins of Spark, which a JVM gets as options.
 */
public final class Held {
  private static final String FILES = "trawl.tests.held";

  private Held() {}

  /** Spark never gets to start. */
  public static List<String> atStart() {
    return List.of("-Dspark.plugins=" + AtStart.class.getName());
  }

  /**
   * Trials wait, each with its file, until they are cancelled: then the file is published.
   *
   * @param files a regular expression that is found in the paths of these files
   */
  public static List<String> at(String files) {
    return List.of("-Dspark.plugins=" + AtFiles.class.getName(), "-D" + FILES + "=" + files);
  }

  /** {@link #atStart}. */
  public static final class AtStart implements SparkPlugin {
    @Override
    public DriverPlugin driverPlugin() {
      return new DriverPlugin() {
        @Override
        public Map<String, String> init(SparkContext context, PluginContext plugin) {
          while (true) {
            pause(60_000);
          }
        }
      };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
      return new ExecutorPlugin() {};
    }
  }

  /** {@link #at}. */
  public static final class AtFiles implements SparkPlugin {
    @Override
    public DriverPlugin driverPlugin() {
      return new DriverPlugin() {};
    }

    @Override
    public ExecutorPlugin executorPlugin() {
      return new ExecutorPlugin() {
        @Override
        public void init(PluginContext plugin, Map<String, String> configuration) {
          Pattern files = Pattern.compile(System.getProperty(FILES));
          FaultyStorage.install(
              Fault.REFUSED,
              path -> {
                TaskContext task = TaskContext.get();
                while (task != null && files.matcher(path).find() && !task.isInterrupted()) {
                  pause(5);
                }
                return false; // then it works
              });
        }
      };
    }
  }

  private static void pause(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
