package cloud.klink.webhooks.sender.webhook;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.signature.SigningSecret;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks of a storage. Safe for use by many threads and, as far as the storage is, by many
 * nodes.
 *
 * <p>Each change writes the webhook's next version in one transaction, unless its method says
 * otherwise. When the method returns, the whole change is stored. When it throws, nothing is
 * stored; only after a {@link StorageException} this is unknown, and the call can be repeated.
 * Concurrent changes lose nothing: an {@linkplain #edit edit} of a version that is not the latest
 * is refused. Pausing, resuming and regenerating work on the latest version and make earlier edits
 * stale.
 *
 * <p>Every method throws {@link StorageException} if the storage fails, and
 * {@link NotFoundException} if there is no webhook with an id; any text is a valid argument. A
 * secret that cannot be read makes only {@link #revealSecret} fail. {@link #regenerateSecret}, or
 * an edit that sets the authentication, replaces it.
 */
public interface Webhooks {
  /**
   * Starts a new webhook, which {@link WebhookEditor#save} stores.
   *
   * @param environment the environment whose events it receives; it cannot be changed later
   * @return an empty editor
   */
  WebhookEditor create(Environment environment);

  /**
   * Starts an edit, which {@link WebhookEditor#save} stores, unless the webhook has been changed
   * since it was read.
   *
   * @param webhook the webhook as it was read
   * @return an editor with the stored values
   */
  WebhookEditor edit(Webhook webhook);

  /**
   * Finds a webhook.
   *
   * @param id any text
   * @return the webhook, if there is one with that id
   */
  Optional<Webhook> get(String id);

  /**
   * Finds many webhooks at once.
   *
   * @param ids any texts
   * @return those that exist, by their ids
   */
  Map<String, Webhook> find(Collection<String> ids);

  /**
   * Lists the webhooks of an environment.
   *
   * @param environment the environment
   * @return all of them, in the order of their ids; one that is created or deleted meanwhile may be
   *     missing
   */
  List<Webhook> list(Environment environment);

  /**
   * Lists the webhooks of an environment page by page: those whose name or URL contains a text, or
   * whose id it is. ASCII letters match in either case.
   *
   * @param environment the environment
   * @param text the text; empty for all
   * @param after the id of the last webhook of the page before; empty for the first page
   * @param limit the most webhooks that a page has, 1 or more
   * @return the webhooks, in the order of their ids; fewer than the limit at the end
   * @throws IllegalArgumentException if the limit is below 1
   */
  List<Webhook> search(Environment environment, String text, String after, int limit);

  /**
   * Deletes a webhook with its subscriptions and secrets. Its waiting deliveries are cancelled and
   * stay in the log. A delivery that is being sent is not aborted.
   *
   * <p>The webhook is deleted first, then its deliveries are cancelled in several transactions.
   * After a crash or an exception in between, none of them is sent, and a running sender cancels
   * the rest. A second call throws {@link NotFoundException} then.
   *
   * @param id the webhook
   */
  void delete(String id);

  /**
   * Reveals the signing secret.
   *
   * @param id the webhook
   * @return its secret
   * @throws UnreadableSecretException if the stored secret cannot be decrypted or is damaged
   */
  SigningSecret revealSecret(String id);

  /**
   * Replaces the signing secret. The old one is invalid at once: all attempts from now on, retries
   * included, are signed with the new one. The old secret need not be readable.
   *
   * @param id the webhook
   * @return the new secret
   */
  SigningSecret regenerateSecret(String id);

  /**
   * Writes all secrets as the sender stores them now: those that are not encrypted, or under an
   * older key, are encrypted under the current one; if the sender encrypts nothing, they are
   * decrypted. A secret that a sender with a cipher refuses because it is not encrypted counts as
   * unreadable and stays as it is. Those that are already stored in that form are only read, so
   * this also finds out whether all can be read.
   *
   * <p>Each webhook is one write of its next version. This keeps {@link Webhook#updatedAt()}, but
   * makes earlier edits stale. The call can be interrupted at any moment, repeated, and run on
   * several nodes at once, while webhooks are used and changed: nothing is lost. A webhook that
   * another node creates meanwhile under another key may be missed, so run this when all nodes have
   * the new key.
   *
   * @return the ids of the webhooks of which a secret could not be read; their readable secrets
   *     were rewritten. Empty if no older key is needed any more. The number of rewritten webhooks
   *     is logged
   */
  Set<String> reencrypt();

  /**
   * Pauses a webhook: its waiting and its future deliveries are held. A delivery that is being sent
   * is not aborted. A webhook that is already paused keeps its first pause.
   *
   * @param id the webhook
   * @param reason why, for people: at most {@value Pause#MAX_REASON_LENGTH} characters without line
   *     breaks; null for no reason
   * @return the webhook, paused
   * @throws InvalidWebhookException if the reason breaks its rule
   */
  Webhook pause(String id, @Nullable String reason);

  /**
   * Resumes a webhook, whatever paused it, and delivers what was held. An active webhook stays as
   * it is. Earlier failures no longer count towards an automatic pause.
   *
   * @param id the webhook
   * @return the webhook, active
   */
  Webhook resume(String id);

  /**
   * Discards the deliveries that a paused webhook holds, and resumes it. They stay in the log. An
   * active webhook stays as it is, and nothing is discarded. Earlier failures no longer count
   * towards an automatic pause.
   *
   * <p>The deliveries are discarded first, in several transactions, and the webhook is resumed
   * last. After a crash or an exception in between, some are discarded and the webhook is still
   * paused. An event that is published in between, and a delivery that was being sent when the
   * webhook was paused, are delivered.
   *
   * @param id the webhook
   * @return the webhook, active
   */
  Webhook discardAndResume(String id);
}
