package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.WebhookSenderBuilder;
import cloud.klink.webhooks.sender.internal.tracing.SenderTracer;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.secret.SecretCipher;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Map;
import java.util.function.Function;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.ResolvableType;

/**
 * Builds a sender from the properties and beans, and reports a mistake by the name of its property.
 */
final class SenderFactory {
  /** The properties by the names with which the builder's messages begin. */
  private static final Map<String, String> PROPERTIES = Map.of(
      "maxConcurrentAttempts", "max-concurrent-attempts",
      "localQueue", "local-queue",
      "maxBytesInMemory", "max-memory",
      "maxPayload", "max-payload",
      "pollInterval", "poll-interval",
      "lease", "lease",
      "retention", "retention");

  private static final ResolvableType POLICIES =
      ResolvableType.forClassWithGenerics(Function.class, Webhook.class, DeliveryPolicy.class);

  private SenderFactory() {}

  static WebhookSender sender(Storage storage, SenderProperties properties, BeanFactory beans) {
    check(storage);
    WebhookSenderBuilder builder = WebhookSender.builder(storage)
        .maxConcurrentAttempts(properties.maxConcurrentAttempts())
        .localQueue(properties.localQueue())
        .maxBytesInMemory(properties.maxMemory().toBytes())
        .lease(properties.lease())
        .pollInterval(properties.pollInterval());
    builder.maxPayload((int) Math.min(properties.maxPayload().toBytes(), Integer.MAX_VALUE));
    if (properties.retention() != null) {
      builder.retention(properties.retention());
    }
    addBeans(builder, properties, beans);
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw translated(e);
    }
  }

  private static void check(Storage storage) {
    try {
      storage.check();
    } catch (StorageException e) {
      throw SenderSetupException.property(
          "migrate",
          "the storage cannot be used: " + e.getMessage(),
          "set the property to true, or run JdbcStorage.ddl() with a migration tool first",
          e);
    }
  }

  private static void addBeans(
      WebhookSenderBuilder builder, SenderProperties properties, BeanFactory beans) {
    beans.getBeanProvider(DeliveryPolicy.class).ifAvailable(builder::policy);
    beans
        .<Function<Webhook, DeliveryPolicy>>getBeanProvider(POLICIES)
        .ifAvailable(builder::policies);
    beans.getBeanProvider(OutagePolicy.class).ifAvailable(builder::outage);
    beans.getBeanProvider(EndpointPolicy.class).ifAvailable(builder::endpoints);
    beans.getBeanProvider(SecretCipher.class).ifAvailable(builder::cipher);
    requireTracer(properties, beans);
    beans.getBeanProvider(Transport.class).orderedStream().forEach(builder::transport);
    beans.getBeanProvider(SenderListener.class).orderedStream().forEach(builder::listener);
    if (properties.allowUnencryptedSecrets()) {
      builder.allowUnencryptedSecrets();
    }
    beans
        .getBeanProvider(WebhookSenderCustomizer.class)
        .orderedStream()
        .forEach(customizer -> customizer.customize(builder));
  }

  private static void requireTracer(SenderProperties properties, BeanFactory beans) {
    if (properties.tracing().enabled()
        && beans.getBeanProvider(SenderTracer.class).getIfAvailable() == null) {
      throw tracingImpossible("Micrometer Tracing is not on the class path");
    }
  }

  static SenderSetupException tracingImpossible(String why) {
    return SenderSetupException.property(
        "tracing.enabled",
        "tracing is not possible: " + why,
        "add spring-boot-starter-opentelemetry or another library with a bean of type Tracer,"
            + " or set the property to false",
        null);
  }

  private static SenderSetupException translated(IllegalArgumentException mistake) {
    String message = String.valueOf(mistake.getMessage());
    return PROPERTIES.entrySet().stream()
        .filter(entry -> message.startsWith(entry.getKey()))
        .map(entry ->
            SenderSetupException.property(entry.getValue(), message, "change the value", mistake))
        .findFirst()
        .orElseGet(() -> SenderSetupException.of(
            message, "change the bean or the property that sets it", mistake));
  }
}
