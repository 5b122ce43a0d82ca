package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.ReceiverContract;
import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.nio.file.Path;

class UndertowServletTest extends ReceiverContract {
  @Override
  protected RunningServer start(WebhookReceiver receiver, Path folder) throws Exception {
    return UndertowServlet.start(receiver);
  }
}
