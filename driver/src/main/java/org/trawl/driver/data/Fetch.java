package org.trawl.driver.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.sweep.Addresses;
import org.trawl.driver.sweep.Download;
import org.trawl.driver.sweep.InputException;

/**
 * Brings the files of a data set into a folder. A file is written under its name and {@code .part},
 * checked, and renamed: under its own name it is never half there. What was fetched before the
 * connection broke, or the power failed, is kept and gone on from, where the server can do that
 * (RFC 9110, 14); a hash tells whether the parts belong together.
 */
public final class Fetch {
  private static final String PART = ".part";
  private static final int BUFFER = 1 << 16;
  private static final int TIMEOUT_MILLISECONDS = 30_000;
  private static final int MOST_REDIRECTS = 10;

  /** Failures in a row without a byte in between, before it is given up. */
  private static final int ATTEMPTS = 4;

  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

  private final Path folder;
  private final Optional<String> mirror;
  private final long patience;
  private final Observer observer;

  /** Sees how far a file is; called for each few bytes. */
  @FunctionalInterface
  public interface Observer {
    /**
     * How far a file is.
     *
     * @param done bytes that are here
     * @param of bytes in all; 0 for unknown
     */
    void progress(String name, long done, long of);
  }

  /** What became of a file. */
  public enum Outcome {
    /** It was there already, and is what it should be. */
    PRESENT,
    FETCHED
  }

  /**
   * A fetch into a folder.
   *
   * @param mirror a folder or an address that the files are taken from instead of their own
   */
  public Fetch(Path folder, Optional<String> mirror, Observer observer) {
    this(folder, mirror, observer, 1000);
  }

  Fetch(Path folder, Optional<String> mirror, Observer observer, long patience) {
    this.folder = folder;
    this.mirror = mirror;
    this.observer = observer;
    this.patience = patience;
  }

  /**
   * Brings one file.
   *
   * @throws InputException if there is another file of its name, or no mirror
   * @throws InfrastructureException if it cannot be had or written, or is not what it should be
   */
  public Outcome fetch(Download file) {
    Path target = folder.resolve(file.name());
    try {
      if (Files.exists(target)) {
        requireRight(file, target);
        return Outcome.PRESENT;
      }
      Files.createDirectories(folder);
      Path part = folder.resolve(file.name() + PART);
      try (FileChannel channel =
          FileChannel.open(
              part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        FileLock lock = lock(channel, part);
        new Transfer(file, channel).run();
        channel.force(true);
        lock.release();
      } finally {
        deleteEmpty(part);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      return Outcome.FETCHED;
    } catch (IOException failure) {
      throw failed(file, "%s (%s)".formatted(folder, failure), failure);
    }
  }

  private static void deleteEmpty(Path part) throws IOException {
    if (Files.exists(part) && Files.size(part) == 0) {
      Files.delete(part);
    }
  }

  private static FileLock lock(FileChannel channel, Path part) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException inThisJvm) {
      // told below
    }
    throw new InputException("Cannot write %s: another fetch is at it".formatted(part));
  }

  private static void requireRight(Download file, Path target) throws IOException {
    long bytes = Files.size(target);
    if (file.bytes() > 0 && bytes != file.bytes()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot fetch %s: expected %,d bytes or no such file, found %,d bytes. Remove it first",
              target,
              file.bytes(),
              bytes));
    }
    try (FileChannel channel = FileChannel.open(target, StandardOpenOption.READ)) {
      String found = sha256(channel);
      if (!file.sha256().isEmpty() && !found.equals(file.sha256())) {
        throw new InputException(
            "Cannot fetch %s: expected SHA-256 %s or no such file, found %s. Remove it first"
                .formatted(target, file.sha256(), found));
      }
    }
  }

  private static String sha256(FileChannel channel) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      channel.position(0);
      while (channel.read(buffer) >= 0) {
        digest.update(buffer.flip());
        buffer.clear();
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static InfrastructureException failed(Download file, String reason, Throwable cause) {
    return new InfrastructureException(
        "Cannot fetch %s: %s. Run again to go on, or take it from elsewhere with --from"
            .formatted(file.name(), reason),
        cause);
  }

  /** An answer that another attempt would get too. */
  private static final class Refusal extends IOException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }

  /** The fetching of one file into its part. */
  private final class Transfer {
    private final Download file;
    private final FileChannel part;
    private final String address;
    private long size;

    Transfer(Download file, FileChannel part) {
      this.file = file;
      this.part = part;
      this.size = file.bytes();
      this.address = mirror.map(this::inMirror).orElse(file.url());
    }

    private String inMirror(String from) {
      String base = from.endsWith("/") ? from.substring(0, from.length() - 1) : from;
      if (Addresses.hasScheme(base)) {
        return base + "/" + file.name();
      }
      return Path.of(base).resolve(file.name()).toAbsolutePath().normalize().toUri().toString();
    }

    void run() throws IOException {
      if (file.sha256().isEmpty()) {
        part.truncate(0); // nothing would tell whether the rest belongs to it
      }
      boolean resumed = part.size() > 0;
      transfer();
      if (!right() && resumed) { // the part was of something else
        part.truncate(0);
        transfer();
      }
      if (!right()) {
        String found =
            String.format(Locale.ROOT, "%,d bytes with SHA-256 %s", part.size(), sha256(part));
        part.truncate(0);
        throw new InfrastructureException(
            "Cannot fetch %s: expected %s, found %s at %s. Take it from elsewhere with --from"
                .formatted(file.name(), expected(), found, address),
            null);
      }
    }

    private String expected() {
      String bytes = file.bytes() > 0 ? String.format(Locale.ROOT, "%,d bytes", file.bytes()) : "";
      String hash = file.sha256().isEmpty() ? "" : "SHA-256 " + file.sha256();
      return bytes.isEmpty() || hash.isEmpty() ? bytes + hash : bytes + " with " + hash;
    }

    private boolean right() throws IOException {
      return (file.bytes() == 0 || part.size() == file.bytes())
          && (file.sha256().isEmpty() || sha256(part).equals(file.sha256()));
    }

    /** Fetches until nothing is missing, again and again as long as something comes. */
    private void transfer() throws IOException {
      int failures = 0;
      while (true) {
        long before = part.size();
        try {
          if (size > 0 && before >= size) {
            return;
          }
          attempt(before);
          return;
        } catch (Refusal | FileNotFoundException final_) {
          throw failed(file, address + ": " + final_.getMessage(), final_);
        } catch (IOException broken) {
          failures = part.size() > before ? 1 : failures + 1;
          if (failures == ATTEMPTS) {
            throw failed(file, address + ": " + broken, broken);
          }
          pause(failures);
        }
      }
    }

    private void pause(int failures) {
      try {
        Thread.sleep(patience * failures);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw failed(file, "interrupted", interrupted);
      }
    }

    private void attempt(long from) throws IOException {
      URLConnection connection = open(from);
      long start = 0;
      long length = connection.getContentLengthLong();
      if (connection instanceof HttpURLConnection http) {
        int status = http.getResponseCode();
        if (status == 416) { // more is here than there
          part.truncate(0);
          throw new IOException(String.format(Locale.ROOT, "nothing from byte %,d on", from));
        } else if (status / 100 == 4 && status != 408 && status != 429) {
          throw new Refusal(String.format(Locale.ROOT, "the server answers %d", status));
        } else if (status != 200 && status != 206) {
          throw new IOException(String.format(Locale.ROOT, "the server answers %d", status));
        }
        start = status == 206 ? rangeStart(http, from) : 0;
      }
      part.truncate(start);
      part.position(start);
      if (length >= 0) {
        size = start + length;
      }
      try (InputStream stream = connection.getInputStream()) {
        copy(stream, start);
      }
      if (size > 0 && part.size() < size) {
        throw new IOException(
            String.format(
                Locale.ROOT, "the connection ended at byte %,d of %,d", part.size(), size));
      }
    }

    /** Opens the address, from a byte on where there is something already. */
    private URLConnection open(long from) throws IOException {
      URI uri = uri(address);
      for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
        URLConnection connection = uri.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLISECONDS);
        connection.setReadTimeout(TIMEOUT_MILLISECONDS);
        if (!(connection instanceof HttpURLConnection http)) {
          return connection;
        }
        http.setInstanceFollowRedirects(false); // they would not change from http to https
        http.setRequestProperty("Accept-Encoding", "identity");
        http.setRequestProperty("User-Agent", "trawl");
        if (from > 0) {
          http.setRequestProperty("Range", "bytes=" + from + "-");
        }
        int status = http.getResponseCode();
        String location = http.getHeaderField("Location");
        if (status < 301 || status > 308 || status == 304 || location == null) {
          return connection;
        }
        http.disconnect();
        URI next = uri.resolve(uri(location));
        if (!next.getScheme().matches("https?")
            || (uri.getScheme().equals("https") && next.getScheme().equals("http"))) {
          throw new Refusal("it leads to %s".formatted(next));
        }
        uri = next;
      }
      throw new Refusal("it leads to other addresses again and again");
    }

    private URI uri(String text) throws Refusal {
      try {
        return new URI(text);
      } catch (URISyntaxException wrong) {
        throw new Refusal("no address: " + wrong.getMessage());
      }
    }

    private long rangeStart(HttpURLConnection http, long from) throws IOException {
      Matcher range = CONTENT_RANGE.matcher(String.valueOf(http.getHeaderField("Content-Range")));
      if (!range.matches() || Long.parseLong(range.group(1)) != from) {
        part.truncate(0);
        throw new IOException("the server sent another range than the one from byte " + from);
      }
      return from;
    }

    private void copy(InputStream stream, long start) throws IOException {
      byte[] bytes = new byte[BUFFER];
      long done = start;
      for (int read = stream.read(bytes); read >= 0; read = stream.read(bytes)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, read);
        while (buffer.hasRemaining()) {
          part.write(buffer);
        }
        done += read;
        observer.progress(file.name(), done, size);
        if (file.bytes() > 0 && done > file.bytes()) {
          part.truncate(0);
          throw new Refusal(
              String.format(Locale.ROOT, "expected %,d bytes, found more", file.bytes()));
        }
      }
    }
  }
}
