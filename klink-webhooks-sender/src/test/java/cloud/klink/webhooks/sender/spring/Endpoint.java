package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.ByteString;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A webhook's endpoint that remembers the ids of the events it gets. */
final class Endpoint implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\"id\":\"(evt_[^\"]+)\"");

  private final MockWebServer server = new MockWebServer();
  private final List<String> received = new CopyOnWriteArrayList<>();

  /** What allows this machine's own addresses. */
  @Configuration(proxyBeanMethods = false)
  static class Allowed {
    @Bean
    EndpointPolicy endpoints() {
      return EndpointPolicy.forDevelopment();
    }
  }

  static Endpoint start() {
    Endpoint endpoint = new Endpoint();
    endpoint.server.setDispatcher(new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        ByteString body = request.getBody();
        Matcher id = ID.matcher(body == null ? "" : body.utf8());
        endpoint.received.add(id.find() ? id.group(1) : "none");
        return new MockResponse.Builder().build();
      }
    });
    try {
      endpoint.server.start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return endpoint;
  }

  static Event event(String id) {
    return Event.builder(EventName.CONTACT_CREATED)
        .id(id)
        .timestamp(Instant.parse("2026-01-09T03:42:38Z"))
        .data(JsonNodeFactory.instance.objectNode().put("name", "Dara"))
        .build();
  }

  /** Has the sender send to this endpoint. */
  void subscribeTo(WebhookSender sender) {
    sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("Test")
        .url(server.url("/hook").toString())
        .subscribe(EventName.CONTACT_CREATED)
        .save();
  }

  List<String> received() {
    return received;
  }

  @Override
  public void close() {
    server.close();
  }
}
