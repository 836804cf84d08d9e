package org.trawl.driver.spark;

import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * What Trawl adds to Spark: carries {@link Live.Epoch} and {@link Work} messages from executors to
 * the driver, which has the metrics of {@link RunMetrics}, and gives executors the defaults of
 * {@link JvmDefaults} before their first task. The metrics' names have this class's name in them.
 */
public final class TrawlPlugin implements SparkPlugin {
  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        return Map.of();
      }

      @Override
      public void registerMetrics(String application, PluginContext plugin) {
        RunMetrics.register(plugin.metricRegistry());
      }

      @Override
      public Object receive(Object message) {
        if (message instanceof Live.Epoch epoch) {
          Live.heard(epoch);
        } else if (message instanceof Work work) {
          RunMetrics.here().add(work);
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
        Live.open(epoch -> send(plugin, epoch));
        Tally.HERE.open(work -> send(plugin, work));
      }

      @Override
      public void shutdown() {
        Live.close();
        Tally.HERE.close();
      }
    };
  }

  private static void send(PluginContext plugin, Object message) {
    try {
      plugin.send(message);
    } catch (Exception lost) { // Spark's, which its Scala does not declare
      throw new IllegalStateException(lost);
    }
  }
}
