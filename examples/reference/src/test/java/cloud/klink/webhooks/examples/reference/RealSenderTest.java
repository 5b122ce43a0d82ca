package cloud.klink.webhooks.examples.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real sender, over HTTP, to each language's receiver. */
@Tag("debian")
@Timeout(300)
class RealSenderTest {
  private static final String NOWHERE = "http://127.0.0.1:9/hook";

  private final BlockingQueue<AttemptEvent> attempts = new LinkedBlockingQueue<>();

  @TempDir
  private Path directory;

  @ParameterizedTest
  @EnumSource(Language.class)
  void events_ofTheRealSender_areHandled(Language language) throws InterruptedException {
    try (WebhookSender sender = sender()) {
      Webhook webhook = sender
          .webhooks()
          .create(Environment.PRODUCTION)
          .name("Reference")
          .url(NOWHERE)
          .headerAuthentication("X-API-Key", "reference")
          .subscribeAll(EventGroup.CONTACT, EventGroup.MESSAGE, EventGroup.ROOM)
          .save();
      String secret = reveal(sender, webhook);
      try (ReceiverProgram receiver = ReceiverProgram.start(language, secret, directory)) {
        sender
            .webhooks()
            .edit(webhook)
            .url(receiver.url())
            .headerAuthentication("X-API-Key", "reference")
            .save();
        List<Event> events = events();
        sender.publishAll(Environment.PRODUCTION, events);
        for (Event event : events) {
          AttemptEvent attempt = attempts.poll(60, TimeUnit.SECONDS);
          assertThat(attempt).as("attempts of %s", event).isNotNull();
          assertThat(attempt.attempt().result().status()).as("%s", attempt).hasValue(200);
        }
        await()
            .untilAsserted(() -> assertThat(events)
                .allSatisfy(event -> assertThat(
                        receiver.handled(event.name().value(), event.id().orElseThrow()))
                    .isEqualTo(1)));
      }
    }
  }

  private WebhookSender sender() {
    WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
        .endpoints(EndpointPolicy.forDevelopment())
        .listener(new SenderListener() {
          @Override
          public void onAttempt(AttemptEvent event) {
            attempts.add(event);
          }
        })
        .build();
    sender.start();
    return sender;
  }

  private static String reveal(WebhookSender sender, Webhook webhook) {
    return sender.webhooks().revealSecret(webhook.id()).reveal();
  }

  /** With everything that languages print in their own ways. */
  private static List<Event> events() {
    List<Event> events = new ArrayList<>();
    for (EventName name : List.of(
        EventName.CONTACT_CREATED, EventName.MESSAGE_INBOUND, EventName.of("room.solved"))) {
      for (double number : new double[] {0, -0.0, 1.5, 1e15, 1e16, 1e-5, 0.1, 1e-300, 1e300}) {
        ObjectNode data = JsonNodeFactory.instance
            .objectNode()
            .put("number", number)
            .put("long", Long.MAX_VALUE)
            .put("text", "សួស្តី <b>&\u2028\u007f \uD83D\uDE00 \"\\/\b\f\n\r\t\u0001")
            .put("\uFFEE", 1)
            .put("\uD83D\uDE00", 2)
            .put("10", 3)
            .put("9", 4);
        events.add(Event.builder(name)
            .id("evt_" + events.size())
            .timestamp(Instant.parse("2026-01-09T03:42:38Z"))
            .data(data)
            .build());
      }
    }
    return events;
  }
}
