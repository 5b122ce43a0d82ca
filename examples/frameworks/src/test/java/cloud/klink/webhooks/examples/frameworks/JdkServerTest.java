package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.nio.file.Path;
import java.util.concurrent.Executors;

class JdkServerTest extends ReceiverContract {
  @Override
  RunningServer start(WebhookReceiver receiver, Path folder) throws Exception {
    return JdkServer.start(receiver, Executors.newFixedThreadPool(8));
  }
}
