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
 * What managing webhooks needs.
 *
 * @param storage where they are kept
 * @param endpoints which endpoints are allowed
 * @param clock tells the time of changes
 * @param ids gives the ids of new webhooks: ASCII letters, digits and {@code _}, unique
 * @param random where secrets come from
 * @param methods the methods that there is a transport for
 * @param secretCodec how secrets are stored
 * @param changed called with a webhook's id after each change of it was stored, or perhaps was, by
 *     the thread that changed it
 * @param listener told of each pause and resumption that was stored, by the thread that did it; so
 *     it must not block
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
   * @param storage where they are kept
   * @param endpoints which endpoints are allowed
   * @param clock tells the time
   * @param ids gives ids
   * @param random where secrets come from
   * @param methods the methods that there is a transport for
   * @param secretCodec how secrets are stored
   * @param changed told of each change
   * @param listener told of each pause and resumption
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
