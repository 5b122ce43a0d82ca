package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverBuilder;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the receiver a bean, whose handler forwards events to another service. */
class QuarkusReceiver {
  @Produces
  @Singleton
  WebhookReceiver receiver(
      @ConfigProperty(name = "klink.public-url") String publicUrl,
      @ConfigProperty(name = "klink.secret") String secret,
      @ConfigProperty(name = "klink.forward-to") URI service,
      @ConfigProperty(name = "klink.acknowledge-first", defaultValue = "false")
          boolean acknowledgeFirst) {
    WebhookVerifier verifier = WebhookVerifier.builder()
        .publicUrl(publicUrl)
        .secret(SigningSecret.of(secret))
        .build();
    WebhookReceiverBuilder receiver = WebhookReceiver.builder(verifier)
        .deduplicate(ProcessedEvents.inMemory())
        .otherwise(new EventForwarder(service));
    return (acknowledgeFirst ? receiver.acknowledgeFirst() : receiver).build();
  }

  /** Runs after Quarkus has stopped the HTTP server. */
  void close(@Disposes WebhookReceiver receiver) {
    receiver.close();
  }
}
