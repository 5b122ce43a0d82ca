package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.List;
import java.util.Locale;

/**
 * Which webhooks to list.
 *
 * @param environment their environment
 * @param text part of their name, endpoint or id, in any case; empty for all
 * @param status active or paused, or both
 * @param event an event that they get; empty for all
 * @param sort their order
 * @param page the page, from 1
 */
public record WebhookFilter(
    Environment environment, String text, Status status, String event, Sort sort, int page) {
  /** In which order webhooks are listed. */
  public enum Sort {
    /** By name. */
    NAME,
    /** Those created last in front. */
    NEWEST,
    /** Those changed last in front. */
    CHANGED,
    /** Paused ones in front. */
    STATUS,
    /** Those with the most failures within their hour in front. */
    FAILURES
  }

  /** Whether webhooks are active. */
  public enum Status {
    /** Both. */
    ALL,
    /** Active ones. */
    ACTIVE,
    /** Paused ones. */
    PAUSED
  }

  /**
   * Whether anything is left out.
   *
   * @return false if all webhooks of the environment are listed
   */
  public boolean isNarrow() {
    return !text.isEmpty() || status != Status.ALL || !event.isEmpty();
  }

  boolean matches(Webhook webhook) {
    return matchesText(webhook) && matchesStatus(webhook) && matchesEvent(webhook);
  }

  private boolean matchesText(Webhook webhook) {
    String part = text.toLowerCase(Locale.ROOT);
    return List.of(webhook.name(), webhook.url(), webhook.id()).stream()
        .anyMatch(one -> one.toLowerCase(Locale.ROOT).contains(part));
  }

  private boolean matchesStatus(Webhook webhook) {
    return switch (status) {
      case ALL -> true;
      case ACTIVE -> !webhook.isPaused();
      case PAUSED -> webhook.isPaused();
    };
  }

  private boolean matchesEvent(Webhook webhook) {
    return event.isEmpty() || webhook.isSubscribedTo(new EventName(event));
  }
}
