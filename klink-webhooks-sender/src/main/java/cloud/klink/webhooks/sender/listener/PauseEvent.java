package cloud.klink.webhooks.sender.listener;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.util.List;
import java.util.Objects;

/**
 * A webhook was paused.
 *
 * @param webhookId the webhook
 * @param pause why and when
 * @param failures the newest failed attempts that led to it, of all nodes, newest first, at most
 *     {@value #MAX_FAILURES} and no more than the policy wanted to see; those that answered 410 if
 *     that was the cause. Read after the pause was written: none if somebody asked for it, or they
 *     could not be read
 */
public record PauseEvent(String webhookId, Pause pause, List<Attempt> failures) {
  /** How many failures are told at most. */
  public static final int MAX_FAILURES = 100;

  /**
   * Copies the list.
   *
   * @param webhookId the webhook
   * @param pause why and when
   * @param failures the failed attempts that led to it
   */
  public PauseEvent {
    Objects.requireNonNull(webhookId, "webhookId");
    Objects.requireNonNull(pause, "pause");
    failures = List.copyOf(failures);
  }
}
