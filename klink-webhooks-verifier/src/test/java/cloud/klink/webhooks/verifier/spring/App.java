package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.testing.SignedRequest;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A Spring Boot application with an embedded Tomcat, and requests to it. */
final class App implements AutoCloseable {
  static final String SECRET = "whsec_Zm9yIHRlc3RzIG9mIFNwcmluZyBCb290";
  static final String URL = "https://hooks.example.com/webhooks/klink?env=test";

  private final HttpClient client = HttpClient.newHttpClient();
  private final ConfigurableApplicationContext context;

  private App(ConfigurableApplicationContext context) {
    this.context = context;
  }

  static App start(List<Class<?>> sources, String... properties) {
    List<String> all = new ArrayList<>(List.of(
        "server.port=0",
        "spring.main.banner-mode=off",
        "klink.webhooks.receiver.public-url=" + URL,
        "klink.webhooks.receiver.secrets=" + SECRET));
    all.addAll(List.of(properties));
    return new App(new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
        .web(WebApplicationType.SERVLET)
        .properties(all.toArray(String[]::new))
        .run());
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  static Event event(String name, String id) {
    return Event.builder(EventName.of(name))
        .timestamp(Instant.parse("2026-01-09T03:42:38Z"))
        .id(id)
        .data(JsonNodeFactory.instance.objectNode().put("text", "hello").put("room", 7))
        .build();
  }

  static SignedRequest signed(String name, String id) {
    return SignedRequest.to(URL).signedWith(SigningSecret.of(SECRET)).event(event(name, id));
  }

  /** Sends a signed event to the path of the public URL. */
  HttpResponse<String> deliver(String name, String id) {
    SignedRequest request = signed(name, id);
    return post(request.target(), request.headers(), request.text());
  }

  HttpResponse<String> post(String target, Map<String, String> headers, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(target)).POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return send(request.build());
  }

  HttpResponse<String> get(String target) {
    return send(HttpRequest.newBuilder(uri(target)).build());
  }

  private URI uri(String target) {
    return URI.create("http://127.0.0.1:"
        + context.getEnvironment().getRequiredProperty("local.server.port") + target);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
