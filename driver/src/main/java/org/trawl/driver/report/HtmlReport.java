package org.trawl.driver.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.spark.Versions;

/**
 * A run as one page of HTML that needs nothing else: style, scripts, charts (Apache ECharts) and
 * data stand in it. Nothing of the data is markup: it is JSON without a {@code <}, which the page's
 * script shows as text; and the page allows no other script than its own two, by their hashes, and
 * no request to any address.
 */
public final class HtmlReport {
  /** The file in a run's folder. */
  public static final String FILE = "report.html";

  private static final Pattern PLACE = Pattern.compile("@([A-Z]+)@");

  private HtmlReport() {}

  /** The page of a run as it stands. */
  public static String of(RunFolder run) {
    return page(run, Duration.ZERO);
  }

  /** Writes the page into the run's folder, in the place of the old one. */
  public static void write(RunFolder run) {
    run.replace(FILE, of(run));
  }

  /**
   * Writes the page of a run that goes on.
   *
   * @param every after which time the page loads itself again
   */
  public static void writeLive(RunFolder run, Duration every) {
    run.replace(FILE, page(run, every));
  }

  private static String page(RunFolder run, Duration every) {
    String data =
        ReportData.json(run, Versions.trawl(), Instant.now(), every.toSeconds())
            .replace("<", "\\u003c");
    String charts = resource("echarts.min.js");
    String script = resource("report.js");
    Map<String, String> parts =
        Map.of(
            "TITLE",
            escaped(run.provenance().orElseThrow().sweep()),
            "STYLE",
            resource("report.css"),
            "HASHES",
            hash(charts) + " " + hash(script),
            "DATA",
            data,
            "ECHARTS",
            charts,
            "SCRIPT",
            script);
    String template = resource("report.html");
    StringBuilder page = new StringBuilder(data.length() + charts.length() + 100_000);
    Matcher place = PLACE.matcher(template);
    int from = 0;
    while (place.find()) {
      page.append(template, from, place.start());
      page.append(Objects.requireNonNull(parts.get(place.group(1))));
      from = place.end();
    }
    return page.append(template, from, template.length()).toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  /** How the page's policy names a script. */
  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String resource(String name) {
    try (InputStream stream = HtmlReport.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot read Trawl's own " + name, failure);
    }
  }
}
