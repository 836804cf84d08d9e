package org.trawl.driver.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What fabric8's server of Kubernetes objects lacks: roles, and server-side apply. Clients tell by
 * their user agent which service account they have; to who has none everything is granted.
 */
final class ApiServer extends KubernetesCrudDispatcher {
  private static final Pattern OBJECTS =
      Pattern.compile(
          "/api(?:s/(?<group>[^/]+))?/v[^/]+/namespaces/(?<namespace>[^/?]+)"
              + "/(?<resource>[^/?]+)(?:/(?<name>[^/?]+))?(?:/(?<part>[^/?]+))?(?:\\?(?<query>.*))?");

  private String namespace = "";
  private List<HasMetadata> roles = List.of();
  private final List<String> refused = new ArrayList<>();

  /** Grants what roles in a namespace say, to accounts in it that they are bound to. */
  synchronized void grant(String where, List<HasMetadata> rolesAndBindings) {
    namespace = where;
    roles = List.copyOf(rolesAndBindings);
  }

  /** The JVM's option that gives its clients an account. */
  static String option(String account) {
    return "-Dkubernetes.user.agent=" + account;
  }

  /** What was refused since it was last asked for. */
  synchronized List<String> takeRefused() {
    List<String> all = List.copyOf(refused);
    refused.clear();
    return all;
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String account = request.getHeader("User-Agent");
    if (account != null && !account.startsWith("fabric8") && !granted(account, request)) {
      return refuse(account + " may not " + request.method() + " " + request.getPath());
    }
    String type = request.getHeader("Content-Type");
    return type != null && type.startsWith("application/apply-patch")
        ? apply(request)
        : super.dispatch(request);
  }

  private synchronized MockResponse refuse(String what) {
    refused.add(what);
    StatusBuilder status =
        new StatusBuilder()
            .withStatus("Failure")
            .withReason("Forbidden")
            .withCode(403)
            .withMessage(what);
    return new MockResponse().setResponseCode(403).setBody(Serialization.asJson(status.build()));
  }

  /** Creates or changes an object. */
  private MockResponse apply(RecordedRequest request) {
    String path = request.getPath().replaceFirst("[?].*", "");
    boolean exists = handleGet(path).code() != 404;
    return super.dispatch(
        new RecordedRequest(
            request.getHttpVersion(),
            exists ? HttpMethod.PATCH : HttpMethod.POST,
            exists ? path : path.substring(0, path.lastIndexOf('/')),
            Headers.builder().add("Content-Type", "application/merge-patch+json").build(),
            request.getBody()));
  }

  private synchronized boolean granted(String account, RecordedRequest request) {
    Matcher path = OBJECTS.matcher(request.getPath());
    if (!path.matches() || !path.group("namespace").equals(namespace)) {
      return false;
    }
    String group = path.group("group") == null ? "" : path.group("group");
    String part = path.group("part") == null ? "" : "/" + path.group("part");
    String resource = path.group("resource") + part;
    String verb = verb(request.method(), path.group("name"), path.group("query"));
    return rules(account)
        .anyMatch(
            rule ->
                rule.getApiGroups().contains(group)
                    && rule.getResources().contains(resource)
                    && rule.getVerbs().contains(verb));
  }

  private static String verb(HttpMethod method, String name, String query) {
    return switch (method) {
      case GET -> {
        boolean watch = query != null && query.contains("watch=true");
        yield watch ? "watch" : name == null ? "list" : "get";
      }
      case DELETE -> name == null ? "deletecollection" : "delete";
      case POST -> "create";
      case PUT -> "update";
      default -> method.name().toLowerCase(Locale.ROOT);
    };
  }

  private Stream<PolicyRule> rules(String account) {
    Set<String> bound =
        Set.copyOf(
            of(RoleBinding.class)
                .filter(
                    binding ->
                        binding.getSubjects().stream()
                            .anyMatch(
                                subject ->
                                    subject.getKind().equals("ServiceAccount")
                                        && subject.getName().equals(account)))
                .map(binding -> binding.getRoleRef().getName())
                .toList());
    return of(Role.class)
        .filter(role -> bound.contains(role.getMetadata().getName()))
        .flatMap(role -> role.getRules().stream());
  }

  private <T extends HasMetadata> Stream<T> of(Class<T> kind) {
    return roles.stream().filter(kind::isInstance).map(kind::cast);
  }
}
