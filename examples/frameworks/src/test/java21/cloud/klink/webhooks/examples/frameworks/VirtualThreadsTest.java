package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.examples.contract.ReceiverContract;
import cloud.klink.webhooks.examples.contract.RunningServer;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** The JDK's server with a virtual thread for each request; compiled from JDK 21 on. */
class VirtualThreadsTest extends ReceiverContract {
  @Override
  protected RunningServer start(WebhookReceiver receiver, Path folder) throws Exception {
    return JdkServer.start(receiver, Executors.newVirtualThreadPerTaskExecutor());
  }
}
