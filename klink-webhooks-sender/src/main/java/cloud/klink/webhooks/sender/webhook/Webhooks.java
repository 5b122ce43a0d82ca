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
 * <p>Each change is one write of the webhook's next version: it is there whole when the method
 * returns, and not at all when it throws, with one exception: if it throws a
 * {@link StorageException}, it may have been done, and can be repeated. What takes several writes
 * says so. Nothing is lost by changes at the same time: an {@linkplain #edit edit} of a version
 * that is not the latest is refused; pausing, resuming and regenerating work on whatever version is
 * there, and make edits begun before stale.
 *
 * <p>Every method throws {@link StorageException} if the storage cannot do its work, and
 * {@link NotFoundException} if there is no webhook of an id; any text can be asked for. A secret
 * that cannot be read is a fault for {@link #revealSecret} only; everything else can be done with
 * its webhook as ever, and {@link #regenerateSecret}, or an edit that sets the authentication,
 * mends it.
 */
public interface Webhooks {
  /**
   * Starts a webhook, which {@link WebhookEditor#save} stores.
   *
   * @param environment the environment whose events it will get; it cannot be changed later
   * @return an empty editor
   */
  WebhookEditor create(Environment environment);

  /**
   * Starts an edit, which {@link WebhookEditor#save} stores, unless the webhook has been changed
   * since it was read.
   *
   * @param webhook the webhook as it was read
   * @return an editor that holds what is stored
   */
  WebhookEditor edit(Webhook webhook);

  /**
   * Finds a webhook.
   *
   * @param id any text
   * @return the webhook, if there is one of that id
   */
  Optional<Webhook> get(String id);

  /**
   * Finds many webhooks at once.
   *
   * @param ids any texts
   * @return those that there are, by their ids
   */
  Map<String, Webhook> find(Collection<String> ids);

  /**
   * Lists the webhooks of an environment.
   *
   * @param environment the environment
   * @return all of them, in the order of their ids; one that is created or deleted meanwhile may be
   *     among them or not
   */
  List<Webhook> list(Environment environment);

  /**
   * Lists the webhooks of an environment page by page, those that have a text in their names or
   * URLs, or as their id. Letters of ASCII match in either case.
   *
   * @param environment the environment
   * @param text the text; empty for all
   * @param after the id of the last webhook of the page before; empty for the first page
   * @param limit how many at most, from 1
   * @return the webhooks, in the order of their ids; fewer than the limit at the end
   * @throws IllegalArgumentException if the limit is below 1
   */
  List<Webhook> search(Environment environment, String text, String after, int limit);

  /**
   * Deletes a webhook with its subscriptions and secrets. Its deliveries that are waiting are
   * cancelled and stay in the log; one that is being sent at this moment is not called back.
   *
   * <p>The webhook goes first, then its deliveries are cancelled in many transactions. After a
   * crash or an exception between, none of them is sent, and a running sender cancels the rest; to
   * repeat this then tells that there is no such webhook.
   *
   * @param id the webhook
   */
  void delete(String id);

  /**
   * Tells the signing secret.
   *
   * @param id the webhook
   * @return its secret
   * @throws UnreadableSecretException if what is stored cannot be read
   */
  SigningSecret revealSecret(String id);

  /**
   * Replaces the signing secret. The old one is invalid at once: whatever is sent from now on, a
   * retry too, is signed with the new one. That the old one cannot be read does not matter.
   *
   * @param id the webhook
   * @return the new secret
   */
  SigningSecret regenerateSecret(String id);

  /**
   * Writes all secrets as the sender stores them now: those that are not encrypted, or under an
   * older key, are encrypted under the current one; if the sender encrypts nothing, they are
   * decrypted. One that a sender with a cipher refuses because it is not encrypted counts as
   * unreadable and stays. Those that are stored so already are read only, so that this also tells
   * whether all can be.
   *
   * <p>Each webhook is one write of its next version; when it was changed is not touched by this,
   * but an edit begun before is stale. It can be cut off at any moment, repeated, and run on
   * several nodes at once, while webhooks are used and changed: nothing is lost. A webhook that is
   * created meanwhile by a node with another current key may be missed, so run this once all nodes
   * have the new key.
   *
   * @return the ids of the webhooks of which a secret could not be read; what could be read of them
   *     was written anew. Empty if no older key is needed any more. How many were written anew is
   *     logged
   */
  Set<String> reencrypt();

  /**
   * Pauses a webhook: its deliveries are held, those that wait and those to come. What is being
   * sent at this moment is not called back. One that is paused already keeps its first pause.
   *
   * @param id the webhook
   * @param reason why, for people: at most {@value Pause#MAX_REASON_LENGTH} characters without line
   *     breaks; null for no reason
   * @return the webhook, paused
   * @throws InvalidWebhookException if the reason breaks its rule
   */
  Webhook pause(String id, @Nullable String reason);

  /**
   * Resumes a webhook, however it was paused, and delivers what was held; one that is active stays
   * as it is. Failures before do not count towards an automatic pause any more.
   *
   * @param id the webhook
   * @return the webhook, active
   */
  Webhook resume(String id);

  /**
   * Ends the deliveries that a paused webhook holds without sending them, and resumes it. They stay
   * in the log as discarded. A webhook that is active stays as it is, and nothing of it is
   * discarded. Failures before do not count towards an automatic pause any more.
   *
   * <p>What was held ends first, in many transactions, and the webhook is activated last: after a
   * crash or an exception between, some is discarded and the webhook is still paused. An event that
   * is published between the two, and a delivery that was being sent when the webhook was paused,
   * are delivered.
   *
   * @param id the webhook
   * @return the webhook, active
   */
  Webhook discardAndResume(String id);
}
