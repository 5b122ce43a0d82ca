package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.internal.BoundedMap;
import java.util.Map;

/**
 * The speeds of the 10,000 webhooks that were tried most recently, whether or not they have
 * deliveries on this node. Used by {@link DispatchQueue} only, under its lock.
 */
final class EndpointSpeeds {
  private static final int MAX = 10_000;

  private final Map<String, EndpointSpeed> speeds = BoundedMap.ofRecentlyUsed(MAX);

  /** The known speed of a webhook, or that of a new one. */
  EndpointSpeed of(String webhookId) {
    EndpointSpeed known = speeds.get(webhookId);
    return known == null ? new EndpointSpeed("", "") : known;
  }

  void remember(String webhookId, EndpointSpeed speed) {
    if (speed.isKnown()) {
      speeds.put(webhookId, speed);
    }
  }
}
