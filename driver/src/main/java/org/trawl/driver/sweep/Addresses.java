package org.trawl.driver.sweep;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What is an address (hdfs://, s3a://) and what a file or folder of this machine, whose name may
 * have a colon in it.
 */
public final class Addresses {
  /** Bytes of a name that the usual file systems take. */
  public static final int LONGEST_NAME = 255;

  private static final String FILE = "file:";
  private static final String SCHEME = "[A-Za-z][A-Za-z0-9+.-]+";

  /** What nobody means to be the beginning of a file's name, though a slash is forgotten. */
  private static final Set<String> KNOWN =
      Set.of(
          "abfs",
          "abfss",
          "classpath",
          "file",
          "ftp",
          "gs",
          "hdfs",
          "http",
          "https",
          "s3",
          "s3a",
          "s3n",
          "viewfs",
          "wasb",
          "wasbs",
          "webhdfs");

  private Addresses() {}

  /** Whether it has a scheme: one that is known, or any before {@code :/}. */
  public static boolean hasScheme(String address) {
    int colon = address.indexOf(':');
    return colon > 0
        && (address.matches("(?s)" + SCHEME + ":/.*")
            || KNOWN.contains(address.substring(0, colon).toLowerCase(Locale.ROOT)));
  }

  /** Whether it is a file or folder of this machine, by its path or with the scheme file. */
  public static boolean isLocal(String address) {
    return !hasScheme(address) || address.startsWith(FILE);
  }

  /** The path of a local address. */
  public static String localPath(String address) {
    if (!hasScheme(address)) {
      return address;
    }
    try {
      String path = new URI(address).getPath();
      if (path != null) {
        return path;
      }
    } catch (URISyntaxException notEscaped) {
      // A path as it is, with spaces, say.
    }
    return address.substring(FILE.length()).replaceFirst("^//+(?=/)", "");
  }

  /** What is wrong with an address, with the cure; empty for nothing. */
  public static Optional<String> problem(String address) {
    if (!isLocal(address)) {
      int colon = address.indexOf(':');
      return address.startsWith("/", colon + 1)
          ? Optional.empty()
          : Optional.of(
              "expected an address such as %s://…, or ./%s for what has that name here"
                  .formatted(address.substring(0, colon), address));
    }
    for (Path part : Path.of(localPath(address))) {
      int bytes = part.toString().getBytes(StandardCharsets.UTF_8).length;
      if (bytes > LONGEST_NAME) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "expected names of at most %d bytes, found one of %d",
                LONGEST_NAME,
                bytes));
      }
    }
    return Optional.empty();
  }
}
