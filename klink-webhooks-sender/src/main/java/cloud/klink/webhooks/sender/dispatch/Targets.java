package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.endpoint.EndpointPolicy;
import cloud.klink.webhooks.sender.rules.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The webhooks that this node sends to, as of their newest version seen. */
final class Targets {
  private static final Logger LOG = LoggerFactory.getLogger(Targets.class);
  private static final int MAX_SIZE = 10_000;

  private final Storage storage;
  private final EndpointPolicy endpoints;
  private final Map<DeliveryMethod, Transport> transports;
  private final Settings settings;
  private final Map<String, Target> targets = new ConcurrentHashMap<>();

  Targets(
      Storage storage,
      EndpointPolicy endpoints,
      Map<DeliveryMethod, Transport> transports,
      Settings settings) {
    this.storage = storage;
    this.endpoints = endpoints;
    this.transports = Map.copyOf(transports);
    this.settings = settings;
  }

  /** Loads those that claims need and that are missing or older than the claims. */
  void load(Collection<ClaimedDelivery> claims) {
    Set<String> missing = new HashSet<>();
    for (ClaimedDelivery claim : claims) {
      Target known = targets.get(claim.webhookId());
      if (known == null || known.webhook().version() < claim.webhookVersion()) {
        missing.add(claim.webhookId());
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    if (targets.size() + missing.size() > MAX_SIZE) {
      targets.clear();
    }
    Map<String, StoredWebhook> found = storage.find(missing);
    for (String id : missing) {
      StoredWebhook stored = found.get(id);
      if (stored == null) {
        targets.remove(id);
      } else {
        Transport transport = transports.get(stored.webhook().method());
        targets.merge(
            id,
            Target.of(stored, policy(stored.webhook()), endpoints, transport),
            (other, mine) -> other.isNewerThan(mine) ? other : mine);
      }
    }
  }

  /** The webhook of a claim, as it was then or newer; empty if it was deleted since. */
  Optional<Target> find(ClaimedDelivery claim) {
    return Optional.ofNullable(targets.get(claim.webhookId()))
        .filter(target -> target.webhook().version() >= claim.webhookVersion());
  }

  void forget(String webhookId) {
    targets.remove(webhookId);
  }

  private DeliveryPolicy policy(Webhook webhook) {
    try {
      DeliveryPolicy policy = settings.policies().apply(webhook);
      if (policy.timeout().compareTo(settings.maxTimeout()) <= 0) {
        return policy;
      }
      LOG.warn(
          "The timeout of {} is cut to {}, which is what the lease allows",
          webhook.id(),
          settings.maxTimeout());
      return policy.withTimeout(settings.maxTimeout());
    } catch (RuntimeException e) {
      LOG.error("No policy for {}; it gets the default", webhook.id(), e);
      return settings.defaults();
    }
  }
}
