package org.trawl.driver.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trawl.driver.results.InfrastructureException;
import org.trawl.driver.sweep.Download;
import org.trawl.driver.sweep.InputException;

/** Against a server that cuts connections, ignores ranges, redirects and lies. */
final class FetchTest {
  private static final byte[] CONTENT = new byte[300_000];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  @TempDir private Path folder;
  private HttpServer server;

  /** The Range of each request; empty for none. */
  private final List<String> ranges = new ArrayList<>();

  /** Bytes that the server sends before it cuts the next connections. */
  private final List<Integer> cuts = new ArrayList<>();

  private boolean knowsRanges = true;
  private byte[] served = CONTENT;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/file.bin", this::serve);
    server.createContext("/moved/file.bin", exchange -> redirect(exchange, "/file.bin"));
    server.createContext("/loop/file.bin", exchange -> redirect(exchange, "/loop/file.bin"));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String range = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")).orElse("");
    ranges.add(range);
    int from = 0;
    int status = 200;
    if (knowsRanges && !range.isEmpty()) {
      from = Integer.parseInt(range.replaceAll("\\D", ""));
      if (from >= served.length) {
        exchange.sendResponseHeaders(416, -1);
        exchange.close();
        return;
      }
      status = 206;
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              String.format(Locale.ROOT, "bytes %d-%d/%d", from, served.length - 1, served.length));
    }
    int length = served.length - from;
    exchange.sendResponseHeaders(status, length);
    int sent = cuts.isEmpty() ? length : Math.min(length, cuts.remove(0));
    exchange.getResponseBody().write(served, from, sent);
    exchange.getResponseBody().flush();
    exchange.close(); // before all is sent: the connection is cut
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().add("Location", to);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private static String sha256(byte[] content) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private Download file(String path) throws NoSuchAlgorithmException {
    return new Download("file.bin", address(path), sha256(CONTENT), CONTENT.length);
  }

  private Fetch fetch(String... mirror) {
    return new Fetch(folder, Arrays.stream(mirror).findFirst(), (name, done, of) -> {}, 1);
  }

  private Path target() {
    return folder.resolve("file.bin");
  }

  private Path part() {
    return folder.resolve("file.bin.part");
  }

  private void checkThere() throws IOException {
    assertArrayEquals(CONTENT, Files.readAllBytes(target()));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void aFile_isFetchedOnce() throws Exception {
    List<Long> progress = new ArrayList<>();
    Fetch fetch =
        new Fetch(
            folder,
            Optional.empty(),
            (name, done, of) -> {
              progress.add(done);
              assertEquals(CONTENT.length, of);
            });

    assertEquals(Fetch.Outcome.FETCHED, fetch.fetch(file("/file.bin")));
    checkThere();
    assertEquals(CONTENT.length, progress.get(progress.size() - 1));
    assertEquals(Fetch.Outcome.PRESENT, fetch.fetch(file("/file.bin")));
    assertEquals(List.of(""), ranges);
  }

  @Test
  void cutConnections_areGoneOnFrom() throws Exception {
    cuts.addAll(List.of(100_000, 0, 0, 50_000));

    fetch().fetch(file("/file.bin"));

    checkThere();
    assertEquals(5, ranges.size());
    assertTrue(ranges.get(1).matches("bytes=\\d+-"), ranges.toString());
    assertFalse(ranges.get(1).equals("bytes=0-"));
  }

  @Test
  void aServerWithoutRanges_isAskedForAllAgain() throws Exception {
    knowsRanges = false;
    cuts.add(100_000);

    fetch().fetch(file("/file.bin"));

    checkThere();
  }

  @Test
  void anotherRun_goesOnFromThePart() throws Exception {
    Files.write(part(), Arrays.copyOf(CONTENT, 123_456));

    fetch().fetch(file("/file.bin"));

    checkThere();
    assertEquals(List.of("bytes=123456-"), ranges);
  }

  @Test
  void aPartOfSomethingElse_isStartedAgain() throws Exception {
    Files.write(part(), new byte[1000]);

    fetch().fetch(file("/file.bin"));

    checkThere();
    assertEquals(List.of("bytes=1000-", ""), ranges);

    Files.delete(target());
    Files.write(part(), new byte[CONTENT.length + 5]);
    fetch().fetch(file("/file.bin"));
    checkThere();
  }

  @Test
  void withoutAHash_thePartIsNotTrusted() throws Exception {
    Files.write(part(), new byte[1000]);

    fetch().fetch(new Download("file.bin", address("/file.bin"), "", 0));

    checkThere();
    assertEquals(List.of(""), ranges);
  }

  @Test
  void aWrongHash_leavesNothingUnderTheName() throws Exception {
    served = CONTENT.clone();
    served[5] ^= 1;

    String message = failure(file("/file.bin"));

    assertTrue(message.contains("expected 300,000 bytes with SHA-256 " + sha256(CONTENT)), message);
    assertTrue(message.contains("found 300,000 bytes with SHA-256 " + sha256(served)), message);
    assertFalse(Files.exists(target()));
    served = CONTENT;
    fetch().fetch(file("/file.bin"));
    checkThere();
  }

  @Test
  void moreOrLessThanItShouldBe_isRefused() throws Exception {
    served = Arrays.copyOf(CONTENT, 400_000);
    assertTrue(failure(file("/file.bin")).contains("expected 300,000 bytes, found more"));
    served = Arrays.copyOf(CONTENT, 1000);
    String less = failure(file("/file.bin"));
    assertTrue(less.contains("found 1,000 bytes with SHA-256"), less);
    assertFalse(Files.exists(target()));
  }

  @Test
  void aConnectionThatIsAlwaysCut_isGivenUp() throws Exception {
    for (int i = 0; i < 20; i++) {
      cuts.add(i == 0 ? 5000 : 0);
    }

    String message = failure(file("/file.bin"));

    assertTrue(message.contains("Run again to go on"), message);
    assertTrue(ranges.size() < 8, ranges.toString());
    assertFalse(Files.exists(target()));
    cuts.clear();
    fetch().fetch(file("/file.bin"));
    checkThere();
  }

  @Test
  void redirectsAreFollowed_butNotForEver() throws Exception {
    fetch().fetch(file("/moved/file.bin"));
    checkThere();
    Files.delete(target());
    assertTrue(
        failure(file("/loop/file.bin")).contains("leads to other addresses again and again"));
    assertTrue(failure(file("/none")).contains("the server answers 404"));
  }

  @Test
  void mirrors_areFoldersOrAddresses() throws Exception {
    Path mirror = Files.createDirectories(folder.resolve("m"));
    Files.write(mirror.resolve("file.bin"), CONTENT);
    Path target = Files.createDirectories(folder.resolve("t"));
    Download file = file("/none");
    for (String from : List.of(mirror.toString(), address(""), address("/moved/"))) {
      assertEquals(
          Fetch.Outcome.FETCHED,
          new Fetch(target, Optional.of(from), (name, done, of) -> {}, 1).fetch(file));
      assertArrayEquals(CONTENT, Files.readAllBytes(target.resolve("file.bin")));
      Files.delete(target.resolve("file.bin"));
    }
    Files.delete(mirror.resolve("file.bin"));
    assertThrows(
        InfrastructureException.class,
        () ->
            new Fetch(target, Optional.of(mirror.toString()), (name, done, of) -> {}, 1)
                .fetch(file));
  }

  @Test
  void anotherFileOfTheName_isNotTouched() throws Exception {
    Files.write(target(), new byte[] {1, 2});

    InputException refused =
        assertThrows(InputException.class, () -> fetch().fetch(file("/file.bin")));

    assertTrue(refused.getMessage().contains("found 2 bytes. Remove it first"));
    assertEquals(2, Files.size(target()));
  }

  private String failure(Download file) {
    return assertThrows(InfrastructureException.class, () -> fetch().fetch(file)).getMessage();
  }
}
