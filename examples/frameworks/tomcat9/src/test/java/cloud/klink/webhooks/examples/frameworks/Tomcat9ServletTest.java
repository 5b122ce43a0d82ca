package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.nio.file.Path;

class Tomcat9ServletTest extends ReceiverContract {
  @Override
  RunningServer start(WebhookReceiver receiver, Path folder) throws Exception {
    return Tomcat9Servlet.start(receiver, folder);
  }
}
