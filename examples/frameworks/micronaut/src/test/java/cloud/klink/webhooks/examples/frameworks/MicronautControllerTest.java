package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.nio.file.Path;

class MicronautControllerTest extends ReceiverContract {
  @Override
  RunningServer start(WebhookReceiver receiver, Path folder) {
    return MicronautController.start(receiver);
  }
}
