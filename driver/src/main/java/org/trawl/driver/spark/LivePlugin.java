package org.trawl.driver.spark;

import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Carries {@link Live.Epoch} messages from executors to the driver, and gives executors the
 * defaults of {@link JvmDefaults} before their first task.
 */
public final class LivePlugin implements SparkPlugin {
  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        return Map.of();
      }

      @Override
      public Object receive(Object message) {
        if (message instanceof Live.Epoch epoch) {
          Live.heard(epoch);
        }
        return null;
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext plugin, Map<String, String> configuration) {
        JvmDefaults.neutral();
        Live.open(
            epoch -> {
              try {
                plugin.send(epoch);
              } catch (Exception lost) { // Spark's, which its Scala does not declare
                throw new IllegalStateException(lost);
              }
            });
      }

      @Override
      public void shutdown() {
        Live.close();
      }
    };
  }
}
