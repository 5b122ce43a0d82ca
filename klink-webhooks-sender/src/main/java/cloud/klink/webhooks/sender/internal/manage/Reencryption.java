package cloud.klink.webhooks.sender.internal.manage;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One walk over all webhooks that writes their secrets anew where that is needed. */
final class Reencryption {
  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);

  private final SecretCodec secretCodec;
  private final WebhookWriter writer;
  private final Set<String> unreadable = new LinkedHashSet<>();
  private int changed;
  private int current;

  Reencryption(SecretCodec secretCodec, WebhookWriter writer) {
    this.secretCodec = secretCodec;
    this.writer = writer;
  }

  Set<String> run() {
    for (Environment environment : Environment.values()) {
      writer.pages(environment, this::reencrypt);
    }
    // Once this returns, an older key may be thrown away.
    writer.awaitCopies();
    LOG.info(
        "Re-encrypted the secrets of {} webhooks; {} were current already, {} cannot be read",
        changed,
        current,
        unreadable.size());
    return Collections.unmodifiableSet(unreadable);
  }

  private void reencrypt(List<Webhook> page) {
    for (StoredWebhook seen : writer.findAll(page)) {
      Renewal renewal = new Renewal();
      StoredWebhook next = renewal.of(seen);
      if (renewal.isChange && !writer.update(next)) {
        try {
          writer.change(seen.id(), renewal::of);
        } catch (NotFoundException e) {
          continue;
        }
      }
      count(seen.id(), renewal);
    }
  }

  private void count(String id, Renewal renewal) {
    if (renewal.isUnreadable) {
      unreadable.add(id);
    } else if (renewal.isChange) {
      changed++;
    } else {
      current++;
    }
  }

  /** What the last look at a webhook has come to: somebody else may change it between two. */
  private final class Renewal {
    private boolean isUnreadable;
    private boolean isChange;

    /** Its next version, or the same if it is as it is to be; when it was changed stays. */
    StoredWebhook of(StoredWebhook stored) {
      isUnreadable = false;
      StoredWebhook next = withAuthentication(withSecret(stored));
      isChange = !next.equals(stored);
      Webhook webhook = stored.webhook();
      return isChange
          ? next.withWebhook(webhook.toBuilder().version(webhook.version() + 1).build())
          : stored;
    }

    private StoredWebhook withSecret(StoredWebhook stored) {
      String id = stored.id();
      String secret = renewed(
          stored.secret(),
          () -> secretCodec.openSecret(id, stored.secretVersion(), stored.secret()),
          value -> secretCodec.sealSecret(id, stored.secretVersion() + 1, value));
      return secret.equals(stored.secret()) ? stored : stored.withSecret(secret);
    }

    private StoredWebhook withAuthentication(StoredWebhook stored) {
      String id = stored.id();
      String url = stored.webhook().url();
      long version = stored.authenticationVersion();
      String authentication = renewed(
          stored.authentication(),
          () -> secretCodec.openAuthentication(id, url, version, stored.authentication()),
          value -> secretCodec.sealAuthentication(id, url, version + 1, value));
      return authentication.equals(stored.authentication())
          ? stored
          : stored.withAuthentication(authentication);
    }

    /** Reads it in any case, so as to tell whether it can be. */
    private <T> String renewed(String stored, Supplier<T> open, Function<T, String> seal) {
      try {
        T value = open.get();
        return secretCodec.isCurrent(stored) ? stored : seal.apply(value);
      } catch (UnreadableSecretException e) {
        isUnreadable = true;
        return stored;
      }
    }
  }
}
