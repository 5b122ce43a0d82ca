package cloud.klink.webhooks.sender.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The standings of the webhooks that were tried last: of up to 10,000, whether anything of them is
 * on this node or not. Used by {@link Lanes} only, under its lock.
 */
final class Standings {
  private static final int MAX = 10_000;

  private final Map<String, Standing> standings = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Standing> eldest) {
      return size() > MAX;
    }
  };

  /** What is remembered of a webhook, or the standing of one that is new. */
  Standing of(String webhookId) {
    Standing known = standings.get(webhookId);
    return known == null ? new Standing("", "") : known;
  }

  void remember(String webhookId, Standing standing) {
    if (standing.isKnown()) {
      standings.put(webhookId, standing);
    }
  }
}
