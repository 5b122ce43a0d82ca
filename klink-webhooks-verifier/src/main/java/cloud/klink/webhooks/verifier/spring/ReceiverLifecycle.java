package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;

/**
 * Builds the receiver when all beans exist, and closes it when the web server accepts no more
 * requests. So acknowledged events are handled, or passed to the failure handler, before the beans
 * that handlers use are destroyed.
 */
final class ReceiverLifecycle implements SmartInitializingSingleton, SmartLifecycle {
  /**
   * Below the phases of Spring Boot's web server, which drains at 1,024 below the default and stops
   * at 2,048 below it. Higher phases stop first. The classes with these constants moved between
   * Spring Boot 3 and 4.
   */
  static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 3 * 1024;

  private final ObjectProvider<WebhookReceiver> receiver;
  private final Duration timeout;
  private volatile boolean running;

  ReceiverLifecycle(ObjectProvider<WebhookReceiver> receiver, Duration timeout) {
    this.receiver = receiver;
    this.timeout = timeout;
  }

  @Override
  public void afterSingletonsInstantiated() {
    receiver.getObject();
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    receiver.getObject().close(timeout);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
