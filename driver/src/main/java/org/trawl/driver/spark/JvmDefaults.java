package org.trawl.driver.spark;

import java.util.Locale;
import java.util.TimeZone;

/**
 * What a JVM of Trawl's takes from nobody's machine: its locale and its time zone. Trawl's own code
 * names both wherever it writes or reads (the build refuses what does not); this is for the
 * libraries, Spark's names of files among them.
 */
public final class JvmDefaults {
  private JvmDefaults() {}

  /** Makes {@link Locale#ROOT} and UTC the defaults of this JVM. */
  public static void neutral() {
    Locale.setDefault(Locale.ROOT);
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
  }
}
