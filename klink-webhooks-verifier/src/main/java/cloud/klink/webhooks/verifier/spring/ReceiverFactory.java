package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.receive.FailureHandler;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverBuilder;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverListener;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a receiver from the properties and beans, and reports a mistake by the name of its
 * property.
 */
final class ReceiverFactory {
  /** The properties by the names with which the builder's messages begin. */
  private static final Map<String, String> PROPERTIES = Map.of(
      "acknowledgeFirst.threads", "acknowledge-first.threads",
      "acknowledgeFirst.queueLength", "acknowledge-first.queue-length",
      "lease", "deduplication.lease",
      "deduplicate", "deduplication.type",
      "onFailure", "acknowledge-first.enabled");

  private ReceiverFactory() {}

  static WebhookReceiver receiver(
      WebhookVerifier verifier,
      ReceiverProperties properties,
      HandlerRegistry handlers,
      @Nullable ProcessedEvents processed,
      List<WebhookReceiverListener> listeners,
      @Nullable FailureHandler failures) {
    ReceiverProperties.AcknowledgeFirst first = properties.acknowledgeFirst();
    WebhookReceiverBuilder builder = WebhookReceiver.builder(verifier);
    handlers.addTo(builder);
    listeners.forEach(builder::listener);
    if (first.enabled()) {
      builder.acknowledgeFirst(first.threads(), first.queueLength());
    }
    if (failures != null) {
      builder.onFailure(failures);
    }
    if (processed != null) {
      builder.deduplicate(processed).lease(properties.deduplication().lease());
    } else if (properties.deduplication().type() == ReceiverProperties.Type.JDBC) {
      throw ReceiverSetupException.property(
          "deduplication.type",
          "a database needs spring-jdbc and a DataSource, and at least one of them is missing",
          "add spring-boot-starter-jdbc and a driver, or set the property to memory",
          null);
    }
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw translated(e);
    }
  }

  private static ReceiverSetupException translated(IllegalArgumentException mistake) {
    String message = String.valueOf(mistake.getMessage());
    return PROPERTIES.entrySet().stream()
        .filter(entry -> message.startsWith(entry.getKey()))
        .map(entry ->
            ReceiverSetupException.property(entry.getValue(), message, "change the value", mistake))
        .findFirst()
        .orElseGet(() -> ReceiverSetupException.of(
            message, "give each event one handler, with @KlinkWebhook", mistake));
  }

  static ProcessedEvents memory(ReceiverProperties.Memory memory) {
    try {
      return ProcessedEvents.inMemory(memory.maxEntries(), memory.retention());
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw ReceiverSetupException.property(
          message.startsWith("maxEntries")
              ? "deduplication.memory.max-entries"
              : "deduplication.memory.retention",
          message,
          "change the value",
          e);
    }
  }
}
