package cloud.klink.webhooks.sender.internal.queue;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The standings of the webhooks that were tried last: of up to 10,000, whether anything of them is
 * on this node or not. Used by {@link DispatchQueue} only, under its lock.
 */
final class EndpointSpeeds {
  private static final int MAX = 10_000;

  private final Map<String, EndpointSpeed> standings = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, EndpointSpeed> eldest) {
      return size() > MAX;
    }
  };

  /** What is remembered of a webhook, or the standing of one that is new. */
  EndpointSpeed of(String webhookId) {
    EndpointSpeed known = standings.get(webhookId);
    return known == null ? new EndpointSpeed("", "") : known;
  }

  void remember(String webhookId, EndpointSpeed standing) {
    if (standing.isKnown()) {
      standings.put(webhookId, standing);
    }
  }
}
