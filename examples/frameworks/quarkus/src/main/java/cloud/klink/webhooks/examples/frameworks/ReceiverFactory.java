package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the receiver a bean. An application builds it here; the test sets it from outside. */
class ReceiverFactory {
  static @Nullable WebhookReceiver receiver;

  @Produces
  @Singleton
  WebhookReceiver receiver() {
    return Objects.requireNonNull(receiver);
  }
}
