package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Makes the receiver a bean; a real application builds it here. */
class ReceiverFactory {
  static final BlockingQueue<WebhookReceiver> RECEIVERS = new LinkedBlockingQueue<>();

  @Produces
  @Singleton
  WebhookReceiver receiver() {
    return RECEIVERS.remove();
  }
}
