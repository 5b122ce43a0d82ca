package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.WebhookSender;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the sender before the web server, and stops it after the server has drained: a stopped
 * sender refuses to publish, which would fail requests that are still being served.
 */
final class SenderLifecycle implements SmartLifecycle {
  /**
   * Below the phases of Spring Boot's web server, which drains at 1,024 below the default and stops
   * at 2,048 below it, and below that of a receiver, at 3,072 below it, whose handlers may publish.
   * Higher phases stop first. The classes with these constants moved between Spring Boot 3 and 4.
   */
  static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4 * 1024;

  private final Supplier<WebhookSender> sender;
  private final SenderProperties properties;
  private volatile boolean running;

  SenderLifecycle(Supplier<WebhookSender> sender, SenderProperties properties) {
    this.sender = sender;
    this.properties = properties;
  }

  @Override
  public void start() {
    WebhookSender built = sender.get();
    if (properties.deliver()) {
      built.start();
    }
    running = true;
  }

  @Override
  public void stop() {
    stopped().join();
  }

  @Override
  public void stop(Runnable callback) {
    CompletableFuture<Void> unused = stopped().whenComplete((done, failure) -> callback.run());
  }

  private CompletableFuture<Void> stopped() {
    running = false;
    return sender.get().stop(properties.shutdownTimeout());
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * False, since a stopped sender cannot be started again. Spring 7 calls this; Spring 6 pauses
   * nothing.
   */
  @Override
  public boolean isPauseable() {
    return false;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
