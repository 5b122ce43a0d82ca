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

/** Re-encrypts the secrets of all webhooks where that is needed. */
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
    // After this returns, the user may delete an older key.
    writer.awaitCopies();
    LOG.info(
        "Re-encrypted the secrets of {} webhooks; {} were current, {} cannot be read",
        changed,
        current,
        unreadable.size());
    return Collections.unmodifiableSet(unreadable);
  }

  private void reencrypt(List<Webhook> page) {
    for (StoredWebhook seen : writer.findAll(page)) {
      SecretUpdate update = new SecretUpdate();
      StoredWebhook next = update.of(seen);
      if (update.isChange && !writer.update(next)) {
        try {
          writer.change(seen.id(), update::of);
        } catch (NotFoundException e) {
          continue;
        }
      }
      count(seen.id(), update);
    }
  }

  private void count(String id, SecretUpdate update) {
    if (update.isUnreadable) {
      unreadable.add(id);
    } else if (update.isChange) {
      changed++;
    } else {
      current++;
    }
  }

  /** The re-encryption of one webhook. It may be repeated, if another change comes first. */
  private final class SecretUpdate {
    private boolean isUnreadable;
    private boolean isChange;

    /**
     * Returns the next version, or the same one if nothing is to be changed. Keeps the time of the
     * last change.
     */
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
      String secret = reencrypted(
          stored.secret(),
          () -> secretCodec.openSecret(id, stored.secretVersion(), stored.secret()),
          value -> secretCodec.sealSecret(id, stored.secretVersion() + 1, value));
      return secret.equals(stored.secret()) ? stored : stored.withSecret(secret);
    }

    private StoredWebhook withAuthentication(StoredWebhook stored) {
      String id = stored.id();
      String url = stored.webhook().url();
      long version = stored.authenticationVersion();
      String authentication = reencrypted(
          stored.authentication(),
          () -> secretCodec.openAuthentication(id, url, version, stored.authentication()),
          value -> secretCodec.sealAuthentication(id, url, version + 1, value));
      return authentication.equals(stored.authentication())
          ? stored
          : stored.withAuthentication(authentication);
    }

    /**
     * Re-encrypts one secret. It is decoded even if it is current, to find out whether it can be
     * read.
     */
    private <T> String reencrypted(String stored, Supplier<T> open, Function<T, String> seal) {
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
