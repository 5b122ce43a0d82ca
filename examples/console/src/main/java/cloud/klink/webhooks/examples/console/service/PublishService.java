package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.spring.WebhookPublisher;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** Publishes events that somebody typed. */
@Service
public class PublishService {
  private static final int MAX_LENGTH = 64 << 10;

  private static final ObjectMapper JSON = JsonMapper.builder()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private final WebhookPublisher publisher;
  private final WebhookSender sender;
  private final Clock clock;

  PublishService(WebhookPublisher publisher, WebhookSender sender, Clock clock) {
    this.publisher = publisher;
    this.sender = sender;
    this.clock = clock;
  }

  /**
   * Checks an event.
   *
   * @param name its name
   * @param data its data, which has to be a JSON object
   * @return what is wrong, as keys of the message bundles, by the fields {@code event} and
   *     {@code data}
   */
  public Map<String, List<String>> faults(String name, String data) {
    Map<String, List<String>> faults = new LinkedHashMap<>();
    if (!new EventName(name).isWellFormed()) {
      faults.put("event", List.of("fault.event"));
    }
    if (data.length() > MAX_LENGTH) {
      faults.put("data", List.of("fault.data.long"));
    } else if (!isData(data)) {
      faults.put("data", List.of("fault.data"));
    }
    return faults;
  }

  /**
   * Publishes an event.
   *
   * @param environment where it happened
   * @param name its name
   * @param data its data
   * @return its id
   */
  public String publish(Environment environment, String name, String data) {
    return publisher.publish(environment, event(name, data)).eventId();
  }

  /**
   * Sends an event to one webhook only.
   *
   * @param webhookId the webhook
   * @param name the event's name
   * @param data its data
   * @return the id of its delivery
   */
  public String sendTest(String webhookId, String name, String data) {
    return sender.sendTest(webhookId, event(name, data)).deliveryIds().get(0);
  }

  private static boolean isData(String text) {
    return parse(text).filter(PublishService::isPublishable).isPresent();
  }

  /** JSON can be read that cannot be sent, as half of a character, or a number without an end. */
  private static boolean isPublishable(ObjectNode data) {
    try {
      Event.builder(WebhookSender.TEST_EVENT)
          .timestamp(Instant.EPOCH)
          .data(data)
          .build()
          .toBody();
      return true;
    } catch (MalformedException e) {
      return false;
    }
  }

  private Event event(String name, String data) {
    return Event.builder(EventName.of(name))
        .timestamp(clock.instant())
        .data(parse(data).orElseThrow())
        .build();
  }

  private static Optional<ObjectNode> parse(String data) {
    try {
      JsonNode node = JSON.readTree(data);
      return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
