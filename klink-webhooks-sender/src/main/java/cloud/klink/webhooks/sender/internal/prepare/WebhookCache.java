package cloud.klink.webhooks.sender.internal.prepare;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.ThrottledErrorLog;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The webhooks to which this node sends, in the newest version that it has read. */
public final class WebhookCache {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookCache.class);
  private static final int MAX_SIZE = 10_000;

  private final Storage storage;
  private final EndpointPolicy endpoints;
  private final Map<DeliveryMethod, Transport> transports;
  private final SecretCodec secretCodec;
  private final DispatchSettings settings;
  private final ThrottledErrorLog policyErrors;
  private final QuarantinedWebhooks unreadable = new QuarantinedWebhooks();
  private final Map<String, PreparedWebhook> cache = new ConcurrentHashMap<>();

  public WebhookCache(
      Storage storage,
      EndpointPolicy endpoints,
      Map<DeliveryMethod, Transport> transports,
      SecretCodec secretCodec,
      DispatchSettings settings,
      DispatchRuntime runtime) {
    this.storage = storage;
    this.endpoints = endpoints;
    this.transports = Map.copyOf(transports);
    this.secretCodec = secretCodec;
    this.settings = settings;
    this.policyErrors = new ThrottledErrorLog(
        "The policies failed or returned null for a webhook; the default is used", runtime.clock());
  }

  /** Loads the webhooks of claims that are missing or older than the claims. */
  public void load(Collection<ClaimedDelivery> claims) {
    Set<String> missing = new HashSet<>();
    for (ClaimedDelivery claim : claims) {
      PreparedWebhook known = cache.get(claim.webhookId());
      if (known == null || known.webhook().version() < claim.webhookVersion()) {
        missing.add(claim.webhookId());
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    if (cache.size() + missing.size() > MAX_SIZE) {
      cache.clear();
    }
    read(missing);
  }

  private void read(Collection<String> ids) {
    Map<String, StoredWebhook> found = ids.size() == 1 ? Map.of() : storage.find(ids);
    for (String id : ids) {
      StoredWebhook stored = found.get(id);
      if (stored == null) {
        readAlone(id);
      } else {
        read(stored);
      }
    }
  }

  /**
   * Reads one webhook. Only then does a storage distinguish a damaged row from a deleted webhook.
   */
  private void readAlone(String id) {
    try {
      StoredWebhook stored = storage.find(List.of(id)).get(id);
      if (stored == null) {
        cache.remove(id);
        unreadable.forget(id);
      } else {
        read(stored);
      }
    } catch (StorageException e) {
      if (e.reason() != SenderReason.STORAGE_CORRUPT) {
        throw e;
      }
      unreadable.add(id, e);
    }
  }

  private void read(StoredWebhook stored) {
    Webhook webhook = stored.webhook();
    Transport transport = transports.get(webhook.method());
    try {
      cache.merge(
          webhook.id(),
          PreparedWebhook.of(stored, secretCodec, policy(webhook), endpoints, transport),
          (other, loaded) -> other.isNewerThan(loaded) ? other : loaded);
      unreadable.remove(webhook.id());
    } catch (UnreadableSecretException e) {
      unreadable.add(webhook.id(), e, e.reason() == SenderReason.SECRET_CIPHER_FAILED);
    } catch (WebhookException | IllegalArgumentException e) {
      unreadable.add(webhook.id(), e);
    } catch (Throwable e) { // of the user's endpoint policy or cipher; nothing is sent meanwhile
      unreadable.add(webhook.id(), e, true);
    }
  }

  /** Reads unreadable webhooks again when it is time. */
  public void readAgain(Instant now) {
    List<String> ids = unreadable.toRead(now);
    if (!ids.isEmpty()) {
      read(ids);
    }
  }

  public QuarantinedWebhooks quarantined() {
    return unreadable;
  }

  /**
   * The webhook of a claim, in its version at the claim or a newer one; empty if it was deleted
   * since.
   */
  public Optional<PreparedWebhook> find(ClaimedDelivery claim) {
    return Optional.ofNullable(cache.get(claim.webhookId()))
        .filter(prepared -> prepared.webhook().version() >= claim.webhookVersion());
  }

  public void forget(String webhookId) {
    cache.remove(webhookId);
    unreadable.allowReading(webhookId);
  }

  private DeliveryPolicy policy(Webhook webhook) {
    try {
      DeliveryPolicy policy = settings.policies().apply(webhook);
      if (policy.timeout().compareTo(settings.maxTimeout()) <= 0) {
        return policy;
      }
      SafeRunner.log(() -> LOG.warn(
          "The timeout of {} is shortened to {}, the longest that the lease allows",
          webhook.id(),
          settings.maxTimeout()));
      return policy.toBuilder().timeout(settings.maxTimeout()).build();
    } catch (Throwable e) {
      policyErrors.log(e);
      return settings.defaults();
    }
  }
}
