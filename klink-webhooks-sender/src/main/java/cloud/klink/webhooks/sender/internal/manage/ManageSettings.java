package cloud.klink.webhooks.sender.internal.manage;

import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The settings for managing webhooks.
 *
 * @param storage the storage of the webhooks
 * @param endpoints which endpoints are allowed
 * @param clock the clock for times of changes
 * @param ids supplies the ids of new webhooks: ASCII letters, digits and {@code _}, unique
 * @param random the source of secrets
 * @param methods the methods for which there is a transport
 * @param secretCodec how secrets are stored
 * @param changed called with a webhook's id after each change of it was stored, or perhaps was, by
 *     the thread that changed it
 * @param listener called for each stored pause and resumption, by the thread that made it, so it
 *     must not block
 */
public record ManageSettings(
    Storage storage,
    EndpointPolicy endpoints,
    Clock clock,
    Supplier<String> ids,
    SecureRandom random,
    Set<DeliveryMethod> methods,
    SecretCodec secretCodec,
    Consumer<String> changed,
    SenderListener listener) {
  /**
   * Checks that nothing is missing.
   *
   * @param storage the storage of the webhooks
   * @param endpoints which endpoints are allowed
   * @param clock the clock
   * @param ids supplies ids
   * @param random the source of secrets
   * @param methods the methods for which there is a transport
   * @param secretCodec how secrets are stored
   * @param changed called for each change
   * @param listener called for each pause and resumption
   */
  public ManageSettings {
    Objects.requireNonNull(storage, "storage");
    Objects.requireNonNull(endpoints, "endpoints");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(ids, "ids");
    Objects.requireNonNull(random, "random");
    methods = Set.copyOf(methods);
    Objects.requireNonNull(secretCodec, "secretCodec");
    Objects.requireNonNull(changed, "changed");
    Objects.requireNonNull(listener, "listener");
  }
}
