package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** Endpoints on one server, told apart by their paths, which count what they get. */
final class CountingEndpoints implements AutoCloseable {
  private final MockWebServer server = new MockWebServer();
  private final Map<String, MockResponse> answers = new ConcurrentHashMap<>();
  private final Map<String, List<String>> received = new ConcurrentHashMap<>();

  CountingEndpoints() {
    server.setDispatcher(new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        String path = request.getUrl().encodedPath();
        of(path).add(Objects.requireNonNull(request.getHeaders().get("X-Klink-Event-Id")));
        return answers.getOrDefault(path, answer(200, ""));
      }
    });
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MockResponse answer(int status, String body) {
    return new MockResponse.Builder().code(status).body(body).build();
  }

  void answer(String name, MockResponse answer) {
    answers.put("/" + name, answer);
  }

  private List<String> of(String path) {
    return received.computeIfAbsent(path, any -> new CopyOnWriteArrayList<>());
  }

  /** The ids of the events that an endpoint got, each as often as it did. */
  List<String> got(String name) {
    return of("/" + name);
  }

  /** A webhook whose events are named after it. */
  Webhook webhook(WebhookSender sender, String name) {
    return sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name(name)
        .url(server.url("/" + name).toString())
        .subscribe(EventName.of(name + ".happened"))
        .save();
  }

  /** Publishes an event to the webhook of a name, and gives the id of its delivery. */
  static String publish(WebhookSender sender, String name, String eventId) {
    Event event = Event.builder(EventName.of(name + ".happened"))
        .timestamp(Instant.EPOCH)
        .id(eventId)
        .build();
    return sender.publish(Environment.PRODUCTION, event).deliveryIds().get(0);
  }

  @Override
  public void close() {
    server.close();
  }
}
