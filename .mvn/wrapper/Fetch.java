import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;

/** What mvnw needs where only a JDK is: "URL FILE" downloads, "FILE" prints the SHA-512. */
final class Fetch {
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 2) {
      download(URI.create(arguments[0]), Path.of(arguments[1]));
    } else {
      System.out.println(sha512(Path.of(arguments[0])));
    }
  }

  private static void download(URI address, Path file) throws Exception {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    HttpResponse<Path> response =
        client.send(
            HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofFile(file));
    if (response.statusCode() != 200) {
      System.exit(1);
    }
  }

  private static String sha512(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-512");
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
