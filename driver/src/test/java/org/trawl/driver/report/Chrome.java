package org.trawl.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * A headless Chromium, asked through ChromeDriver (W3C WebDriver). What it logs and which addresses
 * it asks for are known.
 */
final class Chrome implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final Path folder;
  private final Process driver;
  private final String session;

  /** The program, where it is installed. */
  static Optional<Path> driver() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "chromedriver"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Chrome(Path program, Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    driver = new ProcessBuilder(program.toString(), "--port=0").redirectErrorStream(true).start();
    String address = "http://127.0.0.1:" + port();
    Map<String, Object> options =
        Map.of(
            "args",
            List.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + folder));
    Map<String, Object> capabilities =
        Map.of(
            "browserName",
            "chrome",
            "goog:chromeOptions",
            options,
            "goog:loggingPrefs",
            Map.of("browser", "ALL", "performance", "ALL"));
    JsonNode answer =
        post(address + "/session", Map.of("capabilities", Map.of("alwaysMatch", capabilities)));
    session = address + "/session/" + answer.get("sessionId").textValue();
  }

  private String port() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher port = PORT.matcher(line);
      if (port.find()) {
        return port.group(1);
      }
    }
    throw new IOException("chromedriver did not start");
  }

  void open(Path page) throws IOException, InterruptedException {
    post(session + "/url", Map.of("url", page.toUri().toString()));
  }

  void resize(int width, int height) throws IOException, InterruptedException {
    post(session + "/window/rect", Map.of("width", width, "height", height));
  }

  /** What a script returns. */
  JsonNode run(String script) throws IOException, InterruptedException {
    return post(session + "/execute/sync", Map.of("script", script, "args", List.of()));
  }

  /** What the page's console says, since last asked. */
  List<String> complaints() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    post(session + "/se/log", Map.of("type", "browser"))
        .forEach(entry -> lines.add(entry.get("message").textValue()));
    return lines;
  }

  /** The addresses that were asked for, since last asked. */
  List<String> requests() throws IOException, InterruptedException {
    List<String> addresses = new ArrayList<>();
    for (JsonNode entry : post(session + "/se/log", Map.of("type", "performance"))) {
      JsonNode message = JSON.readTree(entry.get("message").textValue()).get("message");
      if (message.get("method").textValue().equals("Network.requestWillBeSent")) {
        addresses.add(message.at("/params/request/url").textValue());
      }
    }
    return addresses;
  }

  private JsonNode post(String address, Map<String, Object> body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address))
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    JsonNode value =
        JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
            .get("value");
    if (value.has("error")) {
      throw new IOException(value.get("message").textValue());
    }
    return value;
  }

  /**
   * Ends the browser and deletes its folder. Processes that left the driver's tree may write there
   * for a moment longer, so that the folder is deleted until it is gone.
   */
  @Override
  public void close() throws IOException {
    List<ProcessHandle> processes =
        Stream.concat(driver.descendants(), Stream.of(driver.toHandle())).toList();
    processes.forEach(ProcessHandle::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
    for (int i = 1; !FileUtils.deleteQuietly(folder.toFile()) && Files.exists(folder); i++) {
      if (i == 600) {
        throw new IOException("Chromium's folder cannot be deleted: " + folder);
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
  }
}
