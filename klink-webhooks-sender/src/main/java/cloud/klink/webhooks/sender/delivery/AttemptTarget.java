package cloud.klink.webhooks.sender.delivery;

import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.util.Objects;

/**
 * Where an attempt went: the webhook may have been edited since.
 *
 * @param method how it was sent
 * @param url the endpoint, as it was entered
 * @param authenticationHeader the name of the header that authenticated the sender; empty for none
 */
public record AttemptTarget(DeliveryMethod method, String url, String authenticationHeader) {
  /**
   * Checks that nothing is missing.
   *
   * @param method how it was sent
   * @param url the endpoint
   * @param authenticationHeader the name of the header, or empty
   */
  public AttemptTarget {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(authenticationHeader, "authenticationHeader");
  }

  /** Tells the method only: a URL may hold a secret. */
  @Override
  public String toString() {
    return "AttemptTarget[" + method.id() + "]";
  }
}
