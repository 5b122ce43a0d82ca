package cloud.klink.webhooks.examples.quickstart;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Shows each attempt as it is made, and lets the story wait for what it tells. */
final class Progress implements SenderListener {
  private static final long PATIENCE_SECONDS = 20;

  private final PrintStream out;
  private final BlockingQueue<DeliveryState> states = new LinkedBlockingQueue<>();
  private final BlockingQueue<Pause> pauses = new LinkedBlockingQueue<>();

  Progress(PrintStream out) {
    this.out = out;
  }

  @Override
  public void onAttempt(AttemptEvent event) {
    Attempt attempt = event.attempt();
    DeliveryState state = event.state();
    String answer = attempt.result().status().isPresent()
        ? "status " + attempt.result().status().getAsInt()
        : attempt.result().error();
    out.println("   sender:   attempt " + attempt.number() + ": " + answer + ", now "
        + (state == DeliveryState.WAITING ? "waiting for a retry" : lower(state)));
    states.add(state);
  }

  @Override
  public void onPaused(String webhookId, Pause pause, List<Attempt> failures) {
    out.println("   sender:   the webhook is paused: " + pause.reason());
    pauses.add(pause);
  }

  /** Waits until so many attempts have had this result. */
  void await(DeliveryState state, int count) {
    for (int seen = 0; seen < count; ) {
      seen += next(states) == state ? 1 : 0;
    }
  }

  void awaitPause() {
    next(pauses);
    states.clear();
  }

  private static <T> T next(BlockingQueue<T> queue) {
    try {
      T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new IllegalStateException("Nothing happened for " + PATIENCE_SECONDS + " seconds");
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String lower(DeliveryState state) {
    return state.name().toLowerCase(java.util.Locale.ROOT);
  }
}
