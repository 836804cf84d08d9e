package org.trawl.driver.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Stands in for the API server of Kubernetes: fabric8's, which keeps objects in memory, and before
 * it a check of roles. Whoever comes with a token is the service account of that name, and may do
 * what the roles bound to it grant; whoever comes without one may do everything.
 */
final class ApiServer implements AutoCloseable {
  private final Set<String> requests = new ConcurrentSkipListSet<>();
  private final KubernetesMockServer server;
  private final List<HasMetadata> roles;

  /**
   * @param roles the file that {@code kubectl apply} would get
   */
  ApiServer(Path roles) throws IOException {
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new Dispatcher(), false);
    server.init();
    try (KubernetesClient client = client();
        InputStream file = Files.newInputStream(roles)) {
      this.roles = client.load(file).items();
    }
  }

  KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.empty())
                .withMasterUrl(address())
                .withNamespace("default")
                .build())
        .build();
  }

  String address() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** What service accounts asked for, such as {@code create pods}. */
  Set<String> requests() {
    return requests;
  }

  /** What a service account may ask for. */
  Set<String> granted(String account) {
    Set<String> granted = new TreeSet<>();
    for (HasMetadata binding : roles) {
      if (binding instanceof RoleBinding bound
          && bound.getSubjects().stream()
              .anyMatch(
                  subject ->
                      subject.getKind().equals("ServiceAccount")
                          && subject.getName().equals(account))) {
        for (HasMetadata role : roles) {
          if (role instanceof Role named
              && bound.getRoleRef().getKind().equals("Role")
              && bound.getRoleRef().getName().equals(named.getMetadata().getName())) {
            named.getRules().forEach(rule -> grant(rule, granted));
          }
        }
      }
    }
    return granted;
  }

  private static void grant(PolicyRule rule, Set<String> granted) {
    for (String group : rule.getApiGroups()) {
      for (String resource : rule.getResources()) {
        for (String verb : rule.getVerbs()) {
          granted.add(verb + " " + resource + (group.isEmpty() ? "" : "." + group));
        }
      }
    }
  }

  @Override
  public void close() {
    server.destroy();
  }

  private final class Dispatcher extends KubernetesCrudDispatcher {
    @Override
    public MockResponse dispatch(RecordedRequest request) {
      String credentials = request.getHeader("Authorization");
      if (credentials != null && !request.getPath().equals("/version")) {
        String account = credentials.replaceFirst("^Bearer ", "");
        String asks = asks(request.getMethod(), request.getPath());
        requests.add(asks);
        if (!granted(account).contains(asks)) {
          return new MockResponse()
              .setResponseCode(403)
              .setBody(
                  """
                  {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403,
                   "message": "%s may not %s"}
                  """
                      .formatted(account, asks));
        }
      }
      return super.dispatch(applied(request));
    }

    /** Server-side apply, which fabric8's does not know: it creates, or else changes. */
    private RecordedRequest applied(RecordedRequest request) {
      String type = request.getHeader("Content-Type");
      if (type == null || !type.startsWith("application/apply-patch")) {
        return request;
      }
      String path = request.getPath().replaceFirst("[?].*", "");
      boolean exists = handleGet(path).code() != 404;
      return new RecordedRequest(
          request.getHttpVersion(),
          exists ? HttpMethod.PATCH : HttpMethod.POST,
          exists ? path : path.substring(0, path.lastIndexOf('/')),
          Headers.builder().add("Content-Type", "application/merge-patch+json").build(),
          request.getBody());
    }
  }

  /** Verb and resource, as roles name them. */
  private static String asks(String method, String address) {
    String[] parts = address.split("\\?", 2);
    String[] path = parts[0].substring(1).split("/");
    int group = path[0].equals("apis") ? 3 : 2;
    int at = path.length > group && path[group].equals("namespaces") ? group + 2 : group;
    boolean named = path.length > at + 1;
    String resource =
        (path.length > at ? path[at] : parts[0])
            + (path.length > at + 2 ? "/" + path[at + 2] : "")
            + (group == 3 ? "." + path[1] : "");
    String verb =
        switch (method) {
          case "GET" ->
              parts.length > 1 && parts[1].contains("watch=true")
                  ? "watch"
                  : named ? "get" : "list";
          case "POST" -> "create";
          case "PUT" -> "update";
          case "DELETE" -> named ? "delete" : "deletecollection";
          default -> method.toLowerCase(Locale.ROOT);
        };
    return verb + " " + resource;
  }
}
