package cloud.klink.webhooks.examples.contract;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverBuilder;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The contract of a server that runs in the process of the test, with a receiver of the test. */
public abstract class ReceiverContract extends ServerContract {
  /**
   * Starts a server that receives POSTs at {@code /webhooks/klink}; the folder is for its files.
   */
  protected abstract RunningServer start(WebhookReceiver receiver, Path folder) throws Exception;

  @Override
  protected RunningServer start(
      SigningSecret secret, boolean acknowledgeFirst, Consumer<String> handler, Path folder)
      throws Exception {
    WebhookVerifier verifier =
        WebhookVerifier.builder().publicUrl(PUBLIC_URL).secret(secret).build();
    WebhookReceiverBuilder receiver = WebhookReceiver.builder(verifier)
        .deduplicate(ProcessedEvents.inMemory())
        .otherwise(webhook -> handler.accept(webhook.event().id().orElseThrow()));
    return start((acknowledgeFirst ? receiver.acknowledgeFirst() : receiver).build(), folder);
  }
}
