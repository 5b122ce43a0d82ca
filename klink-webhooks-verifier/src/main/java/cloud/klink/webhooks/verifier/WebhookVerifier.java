package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.internal.JacksonVersion;
import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Verifies that a request came from K-LINK and was not changed on the way.
 *
 * <p>It is pinned to the endpoint's public URL, including the query: the URL that was entered in
 * K-LINK. Nothing is taken from the request's own Host or X-Forwarded headers, which a proxy
 * changes and an attacker chooses. It fails closed: a request that is not verified is refused, with
 * a reason.
 *
 * <p>Until the signature has matched, a body costs at most four times its length and 256 KiB,
 * whatever its content. The verifier takes that share before it looks at the body, and returns it
 * at the end. All bodies that are verified at the same time, by all verifiers of the process, stay
 * within a shared bound: a quarter of the maximum heap, and at least 8 MiB
 * ({@link Builder#maxMemoryBytes} sets another). A body for which no share is left is refused with
 * {@link RefusalReason#MEMORY_LIMIT}, so that the sender repeats it. Shares are held only while
 * bodies are verified, which never blocks. They are not held while bodies are read, so slow
 * connections cannot exhaust the memory, nor while events are handled. The event is parsed on first
 * access.
 *
 * <p>Immutable and safe for use by many threads. It does no I/O and keeps nothing between requests,
 * so it does not recognise a repetition; a receiver with de-duplication does.
 */
public final class WebhookVerifier {
  /** The longest body that is accepted by default: 1 MiB. */
  public static final int DEFAULT_MAX_BODY_BYTES = 1 << 20;

  /** The group of secrets that are added without a group. */
  public static final String DEFAULT_GROUP = "default";

  /** The address of K-LINK's production traffic, as published by K-LINK. */
  public static final String KLINK_ADDRESS = "51.79.216.180";

  private final CanonicalTarget target;
  private final String publicUrl;
  private final List<SigningSecret> secrets;
  private final List<String> groups;
  private final List<Dialect> dialects;
  private final int maxBodyBytes;
  private final @Nullable SourceAddresses sources;
  private final Authentication authentication;

  private WebhookVerifier(Builder builder, String publicUrl, VerificationMemory memory) {
    this.target = CanonicalTarget.of(builder.method, publicUrl);
    this.publicUrl = publicUrl;
    this.secrets = List.copyOf(builder.secrets);
    this.groups = List.copyOf(builder.groups);
    this.dialects = builder.dialects;
    this.maxBodyBytes = builder.maxBodyBytes;
    this.sources = builder.sources == null ? null : SourceAddresses.of(builder.sources);
    this.authentication =
        new Authentication(target, secrets, groups, dialects, maxBodyBytes, memory);
  }

  /**
   * Starts building a verifier.
   *
   * @return a builder that still needs a public URL and a secret
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Verifies a request.
   *
   * @param request the request as it came in
   * @return what was authenticated
   * @throws WebhookRefusedException with the reason, if anything is not as it must be
   */
  public VerifiedWebhook verify(IncomingRequest request) {
    return authentication.of(SignatureHeader.read(checked(request)), request.body());
  }

  /**
   * Verifies a request whose body is not read yet. A request that can be refused without its body
   * is refused first. A body whose declared length exceeds {@link #maxBodyBytes} is not read; any
   * other is read up to one byte past that limit.
   *
   * @param head the request without its body
   * @param body the stream of the body; it is not closed
   * @return what was authenticated
   * @throws WebhookRefusedException with the reason, if anything is not as it must be; the body may
   *     or may not have been read to its end
   * @throws IOException if reading fails
   */
  public VerifiedWebhook verify(IncomingRequest head, InputStream body) throws IOException {
    Signature signature = SignatureHeader.read(checked(head));
    if (declaredLength(head) > maxBodyBytes) {
      throw new WebhookRefusedException(RefusalReason.BODY_TOO_LARGE);
    }
    return authentication.of(signature, body.readNBytes(maxBodyBytes + 1));
  }

  /** The declared Content-Length; the limit applies whatever it says. */
  private static long declaredLength(IncomingRequest head) {
    List<String> values = head.headers("Content-Length");
    try {
      return values.size() == 1 ? Long.parseLong(values.get(0)) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private IncomingRequest checked(IncomingRequest request) {
    checkSource(request.remoteAddressOrNull());
    if (!request.method().equals(target.method())) {
      throw new WebhookRefusedException(RefusalReason.WRONG_METHOD);
    }
    if (request.hasTarget() && !target.hasQuery(request.query())) {
      throw new WebhookRefusedException(RefusalReason.WRONG_QUERY);
    }
    return request;
  }

  /**
   * Verifies a WebSocket message. It is signed as a POST to the endpoint's URL, so the verifier
   * must not be built with another method.
   *
   * @param message the message
   * @return what was authenticated
   * @throws WebhookRefusedException with the reason, if anything is not as it must be
   */
  public VerifiedWebhook verify(WebSocketMessage message) {
    return authentication.of(message.signature(), message.bodyBuffer());
  }

  /**
   * Refuses an address that requests may not come from. Verifying a request includes this check;
   * for WebSocket messages, an adapter calls this method.
   *
   * @param address the address of the other side, or null if it is unknown
   * @throws WebhookRefusedException with {@link RefusalReason#WRONG_SOURCE}; never if the builder
   *     was given no addresses
   */
  public void checkSource(@Nullable InetAddress address) {
    if (sources != null && (address == null || !sources.contains(address))) {
      throw new WebhookRefusedException(RefusalReason.WRONG_SOURCE);
    }
  }

  /**
   * The method and the public URL against which requests are verified.
   *
   * @return method, URL and query in canonical form
   */
  public CanonicalTarget target() {
    return target;
  }

  /**
   * The public URL as it was given to the builder.
   *
   * @return not normalised
   */
  public String publicUrl() {
    return publicUrl;
  }

  /**
   * The accepted secrets.
   *
   * @return an unmodifiable list, in the order in which they were given
   */
  public List<SigningSecret> secrets() {
    return secrets;
  }

  /**
   * The groups of the secrets.
   *
   * @return an unmodifiable list as long as {@link #secrets}: the group of each
   */
  public List<String> secretGroups() {
    return groups;
  }

  /**
   * The dialects that are accepted.
   *
   * @return an unmodifiable list, in the order in which they are tried
   */
  public List<Dialect> dialects() {
    return dialects;
  }

  /**
   * The longest body that is accepted. Adapters stop reading at this length.
   *
   * @return in bytes
   */
  public int maxBodyBytes() {
    return maxBodyBytes;
  }

  /** Shows the configuration, without the secrets. */
  @Override
  public String toString() {
    return "WebhookVerifier["
        + target
        + ", secrets "
        + secrets.size()
        + ", dialects "
        + dialects
        + ", at most "
        + maxBodyBytes
        + " bytes"
        + (sources == null ? "" : ", from " + sources)
        + "]";
  }

  /** Collects the settings of a verifier. Not for use by several threads. */
  public static final class Builder {
    private final List<SigningSecret> secrets = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();
    private List<Dialect> dialects = List.of(Dialect.values());
    private String method = "POST";
    private @Nullable String publicUrl;
    private int maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
    private @Nullable List<String> sources;
    private @Nullable Long maxMemoryBytes;

    private Builder() {}

    /**
     * The endpoint's public URL, exactly as it was entered in K-LINK; required.
     *
     * @param publicUrl an absolute URL, with its query if it has one
     * @return this builder
     */
    public Builder publicUrl(String publicUrl) {
      this.publicUrl = Objects.requireNonNull(publicUrl, "publicUrl");
      return this;
    }

    /**
     * Adds a secret to the group {@link WebhookVerifier#DEFAULT_GROUP}; at least one secret is
     * required. While a secret is being replaced, give the new and the old one.
     *
     * @param secret the webhook's signing secret
     * @return this builder
     */
    public Builder secret(SigningSecret secret) {
      return secret(DEFAULT_GROUP, secret);
    }

    /**
     * Adds a secret to a group. The new and the old secret of one webhook belong in one group.
     * Secrets of different webhooks that share a URL, such as one for each environment, belong in
     * separate groups. Events with the same id are the same event only within a group.
     *
     * @param group 1 to 64 of the characters {@code A-Z a-z 0-9 . _ -}
     * @param secret the webhook's signing secret
     * @return this builder
     */
    public Builder secret(String group, SigningSecret secret) {
      groups.add(Objects.requireNonNull(group, "group"));
      secrets.add(Objects.requireNonNull(secret, "secret"));
      return this;
    }

    /**
     * Adds several secrets to the group {@link WebhookVerifier#DEFAULT_GROUP}.
     *
     * @param secrets the signing secrets
     * @return this builder
     */
    public Builder secrets(Iterable<SigningSecret> secrets) {
      secrets.forEach(this::secret);
      return this;
    }

    /**
     * The dialects to accept; all unless this is called. Additional dialects cost nothing for
     * bodies that have the same form in all of them, and are safe for the others: see CANONICAL.md,
     * section "Dialects".
     *
     * @param first the one to try first
     * @param more the others, in the order to try them
     * @return this builder
     */
    public Builder dialects(Dialect first, Dialect... more) {
      List<Dialect> all = new ArrayList<>();
      all.add(first);
      all.addAll(List.of(more));
      this.dialects = List.copyOf(all);
      return this;
    }

    /**
     * The method that webhooks are sent with; POST unless this is called.
     *
     * @param method an RFC 9110 token
     * @return this builder
     */
    public Builder method(String method) {
      this.method = Objects.requireNonNull(method, "method");
      return this;
    }

    /**
     * The longest body to accept; {@value WebhookVerifier#DEFAULT_MAX_BODY_BYTES} bytes unless this
     * is called.
     *
     * @param maxBodyBytes 1 to {@value CanonicalBody#MAX_LENGTH}
     * @return this builder
     */
    public Builder maxBodyBytes(int maxBodyBytes) {
      this.maxBodyBytes = maxBodyBytes;
      return this;
    }

    /**
     * Accepts requests from some addresses only. The check uses the connection's own address.
     * Behind a proxy or tunnel, that is the proxy's, so let the proxy check there; an address from
     * a header proves nothing.
     *
     * @param addresses IPv4 or IPv6 addresses, or ranges in CIDR notation such as
     *     {@code 10.0.0.0/8}, for example {@link WebhookVerifier#KLINK_ADDRESS}; host names are not
     *     accepted. An IPv4 address in IPv6's mapped form counts as IPv4
     * @return this builder
     */
    public Builder allowedSources(String... addresses) {
      this.sources = List.of(addresses);
      return this;
    }

    /**
     * How much memory concurrent verifications of this verifier may take together, separately from
     * all other verifiers; unless this is called, it shares the bound of the process.
     *
     * @param maxMemoryBytes at least 1 MiB, and four times the longest body and 256 KiB
     * @return this builder
     */
    public Builder maxMemoryBytes(long maxMemoryBytes) {
      this.maxMemoryBytes = maxMemoryBytes;
      return this;
    }

    /**
     * Builds the verifier.
     *
     * @return the verifier
     * @throws IllegalArgumentException if the public URL or the secrets are missing, an allowed
     *     source is no address, or a limit is out of its range; the message names the setting
     * @throws MalformedException if the public URL or the method has no canonical form
     * @throws IllegalStateException if Jackson is older than 2.15, or its parts do not fit together
     */
    public WebhookVerifier build() {
      JacksonVersion.check();
      if (publicUrl == null) {
        throw new IllegalArgumentException(
            "publicUrl: it is required; give the URL that was entered in K-LINK");
      }
      if (secrets.isEmpty()) {
        throw new IllegalArgumentException(
            "secret: at least one is required; give the webhook's signing secret");
      }
      SecretRules.checkGroups(secrets, groups);
      Ranges.check("maxBodyBytes", maxBodyBytes, 1, CanonicalBody.MAX_LENGTH);
      VerificationMemory memory = maxMemoryBytes == null
          ? VerificationMemory.ofProcess()
          : VerificationMemory.of(maxMemoryBytes);
      if (VerificationMemory.cost(maxBodyBytes) > memory.maxBytes()) {
        throw new IllegalArgumentException("maxBodyBytes: verifying " + maxBodyBytes
            + " bytes takes up to " + VerificationMemory.cost(maxBodyBytes)
            + " bytes of memory, but all verifications together may take no more than "
            + memory.maxBytes() + "; lower it, or raise maxMemoryBytes");
      }
      SecretRules.warnOfShort(secrets);
      return new WebhookVerifier(this, publicUrl, memory);
    }
  }
}
