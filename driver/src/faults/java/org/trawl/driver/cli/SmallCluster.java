package org.trawl.driver.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * Hadoop's own small clusters in one JVM: HDFS with a data node; YARN with a resource manager and
 * two node managers, whose containers are processes. {@code SmallCluster FOLDER} writes what
 * clients need to know, core-site.xml and yarn-site.xml, to FOLDER/conf once all answer.
 */
final class SmallCluster {
  private static final int NODES = 2;

  private SmallCluster() {}

  /** Starts the clusters, which run until the JVM is killed. */
  public static void main(String[] arguments) {
    try {
      start(Path.of(arguments[0]).toAbsolutePath());
    } catch (Exception | LinkageError failure) {
      failure.printStackTrace();
      System.exit(1); // the threads of what has started would go on
    }
  }

  private static void start(Path folder) throws Exception {
    YarnConfiguration settings = new YarnConfiguration();
    settings.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    MiniDFSCluster hdfs = new MiniDFSCluster.Builder(settings).numDataNodes(1).build();
    hdfs.waitActive();
    settings.set("fs.defaultFS", hdfs.getURI().toString());
    settings.set("hadoop.tmp.dir", folder.resolve("tmp").toString());

    // No node is given up for a full disk, no container for memory that a JVM only reserves.
    settings.setBoolean("yarn.nodemanager.disk-health-checker.enable", false);
    settings.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    settings.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
    settings.setInt("yarn.nodemanager.resource.memory-mb", 4096);
    settings.setInt("yarn.nodemanager.resource.cpu-vcores", 4);
    settings.setInt("yarn.scheduler.minimum-allocation-mb", 128);
    settings.setInt("yarn.nodemanager.delete.debug-delay-sec", 600); // containers' logs stay
    // Hadoop's jar for clients lacks capacity-scheduler.xml.
    settings.set("yarn.scheduler.capacity.root.queues", "default");
    settings.set("yarn.scheduler.capacity.root.default.capacity", "100");
    settings.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
    settings.set("yarn.scheduler.capacity.node-locality-delay", "-1");
    settings.set("yarn.resourcemanager.hostname", "127.0.0.1");
    MiniYARNCluster yarn = new MiniYARNCluster("yarn", NODES, 1, 1);
    yarn.init(settings);
    yarn.start();
    if (!yarn.waitForNodeManagersToConnect(60_000)) {
      throw new IOException("No node managers after a minute");
    }
    write(yarn.getConfig(), Files.createDirectories(folder.resolve("conf")));
  }

  /** What clients and containers are told, all or nothing. */
  private static void write(Configuration settings, Path folder) throws IOException {
    Configuration core = new Configuration(false);
    core.set("fs.defaultFS", settings.get("fs.defaultFS"));
    save(core, folder.resolve("core-site.xml"));
    Configuration yarn = new Configuration(false);
    yarn.set("yarn.resourcemanager.hostname", settings.get("yarn.resourcemanager.hostname"));
    for (String service : new String[] {"", ".scheduler", ".resource-tracker", ".webapp"}) {
      String key = "yarn.resourcemanager%s.address".formatted(service);
      yarn.set(key, settings.get(key));
    }
    save(yarn, folder.resolve("yarn-site.xml.part"));
    Files.move(folder.resolve("yarn-site.xml.part"), folder.resolve("yarn-site.xml"));
  }

  private static void save(Configuration settings, Path file) throws IOException {
    try (OutputStream stream = Files.newOutputStream(file)) {
      settings.writeXml(stream);
    }
  }
}
