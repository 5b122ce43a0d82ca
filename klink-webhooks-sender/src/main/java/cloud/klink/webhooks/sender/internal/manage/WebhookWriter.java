package cloud.klink.webhooks.sender.internal.manage;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Reads webhooks and writes their next versions. */
final class WebhookWriter {
  /**
   * A try fails only if another change succeeds, so this limit is reached only with a faulty
   * storage.
   */
  private static final int MAX_TRIES = 10_000;

  private static final int PAGE = 500;

  /** The form of ids; other texts are not looked up. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]{1,100}");

  private final ManageSettings settings;

  WebhookWriter(ManageSettings settings) {
    this.settings = settings;
  }

  Instant now() {
    return settings.clock().instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Whether a text can be the id of a webhook. */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  Optional<StoredWebhook> find(String id) {
    return isId(id)
        ? Optional.ofNullable(settings.storage().find(List.of(id)).get(id))
        : Optional.empty();
  }

  StoredWebhook get(String id) {
    return find(id).orElseThrow(NotFoundException::webhook);
  }

  /** Passes all webhooks on, page by page. Damaged ones are left out, so a page may be short. */
  void pages(Environment environment, Consumer<List<Webhook>> reader) {
    List<Webhook> page = settings.storage().list(environment, "", PAGE);
    while (!page.isEmpty()) {
      reader.accept(page);
      page = settings.storage().list(environment, page.get(page.size() - 1).id(), PAGE);
    }
  }

  Collection<StoredWebhook> findAll(List<Webhook> webhooks) {
    return settings.storage().find(webhooks.stream().map(Webhook::id).toList()).values();
  }

  boolean insert(StoredWebhook webhook) {
    return reporting(webhook.id(), () -> settings.storage().insert(webhook));
  }

  boolean update(StoredWebhook webhook) {
    return reporting(webhook.id(), () -> settings.storage().update(webhook));
  }

  boolean delete(String id) {
    return ID.matcher(id).matches() && reporting(id, () -> settings.storage().delete(id));
  }

  /**
   * Waits for the copies. For a call that finds nothing to write, since what it has read may not be
   * replicated yet.
   */
  void awaitCopies() {
    settings.storage().awaitCopies();
  }

  /** Makes a write, and reports the change if it was, or may have been, written. */
  private boolean reporting(String id, BooleanSupplier write) {
    boolean written;
    try {
      written = write.getAsBoolean();
    } catch (StorageException e) {
      settings.changed().accept(id);
      throw e;
    }
    if (written) {
      settings.changed().accept(id);
    }
    return written;
  }

  /**
   * Changes the stored version, and tries again if another change comes first.
   *
   * @param change returns the next version, or the same one if nothing is to be changed
   */
  StoredWebhook change(String id, UnaryOperator<StoredWebhook> change) {
    return change(id, change, written -> {});
  }

  /**
   * As {@link #change(String, UnaryOperator)}.
   *
   * @param whenWritten called with the next version after it was stored, unless nothing was changed
   */
  StoredWebhook change(
      String id, UnaryOperator<StoredWebhook> change, Consumer<Webhook> whenWritten) {
    StoredWebhook stored = get(id);
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      StoredWebhook next = change.apply(stored);
      if (next.equals(stored)) {
        awaitCopies(); // an earlier call without an answer may have changed it
        return next;
      }
      if (update(next)) {
        whenWritten.accept(next.webhook());
        return next;
      }
      stored = get(id);
    }
    throw new IllegalStateException("storage: it does not accept the next version of a webhook");
  }

  /** Notifies the listener that a webhook was paused or resumed. */
  void notifyListener(Webhook webhook) {
    webhook
        .pause()
        .ifPresentOrElse(
            pause -> settings.listener().onPaused(webhook.id(), pause, List.of()),
            () -> settings.listener().onResumed(webhook.id()));
  }

  /** A builder of the next version. */
  Webhook.Builder next(Webhook webhook, Instant now) {
    return webhook.toBuilder().updatedAt(now).version(webhook.version() + 1);
  }
}
