package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.signature.SigningSecret;
import java.util.Objects;

/**
 * Where to send, and what to sign with. Immutable.
 *
 * @param url an absolute URL, with its query if it has one
 * @param secret the signing secret
 */
public record Endpoint(String url, SigningSecret secret) {
  /**
   * Checks the endpoint.
   *
   * @param url an absolute URL, with its query if it has one
   * @param secret the signing secret
   * @throws cloud.klink.webhooks.canonical.MalformedRequestException if the URL has no canonical
   *     form: see {@link CanonicalTarget#of}
   * @throws IllegalArgumentException if its scheme is neither https nor http
   */
  public Endpoint {
    if (!CanonicalTarget.of("POST", url).url().startsWith("http")) {
      throw new IllegalArgumentException("url: its scheme must be https or http");
    }
    Objects.requireNonNull(secret, "secret");
  }
}
