package org.trawl.driver.results;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files at addresses gs:/…, of an object store that says that it takes conditions. */
public final class ConditionalStore extends RawLocalFileSystem {
  /** What it does with them. */
  enum Condition {
    KEPT,
    IGNORED,
    /** As S3A tells what a server answers that has never heard of them. */
    UNKNOWN
  }

  static volatile Condition condition = Condition.KEPT;

  /** Settings that know these addresses. */
  static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set("fs.gs.impl", ConditionalStore.class.getName());
    return configuration;
  }

  @Override
  public URI getUri() {
    return URI.create("gs:///");
  }

  @Override
  public String getScheme() {
    return "gs";
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) throws IOException {
    return capability.equals("fs.option.create.conditional.overwrite")
        || super.hasPathCapability(path, capability);
  }

  @Override
  @SuppressWarnings("rawtypes") // as inherited
  public FSDataOutputStreamBuilder createFile(Path path) {
    return new Builder(path);
  }

  private final class Builder extends FSDataOutputStreamBuilder<FSDataOutputStream, Builder> {
    Builder(Path path) {
      super(ConditionalStore.this, path);
    }

    @Override
    public Builder getThisBuilder() {
      return this;
    }

    @Override
    public FSDataOutputStream build() throws IOException {
      if (condition == Condition.UNKNOWN) {
        throw new IOException("A header you provided implies functionality: NotImplemented");
      }
      return ConditionalStore.this.create(getPath(), condition == Condition.IGNORED);
    }
  }
}
