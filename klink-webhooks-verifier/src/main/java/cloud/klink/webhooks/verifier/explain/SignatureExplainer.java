package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.explain.Location.Authority;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Says why a request was refused: which single change would make its signature match, or that no
 * known change does.
 *
 * <p><b>It is an aid, not a check.</b> Whatever it finds, the request stays refused: it tries
 * common mistakes, some of which use values that an attacker can choose, such as the Host header.
 *
 * <p>The explanation is for the operators of the endpoint. Do not send it in a response. It would
 * not reveal a secret or a valid signature, since each attempt compares all 256 bits. But it would
 * reveal how the endpoint is configured (its public URL, the given candidates, that an older secret
 * was in use), and whether a captured signature was once genuine.
 *
 * <p>The work for one request is bounded: it computes at most {@value #DEFAULT_MAX_ATTEMPTS}
 * signatures (unless {@link Builder#maxAttempts} is set), over at most {@value #MAX_BYTES} bytes in
 * all, reads no body longer than the verifier's limit, and tries other orders of members only in
 * bodies of at most 1 MiB. That is still hundreds of times the work of verifying, up to about a
 * second for a long body, so explain a sample of the refused requests, not all of them. Candidates
 * are tried from likely to unlikely and always in the same order; the first that matches is the
 * answer.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class SignatureExplainer {
  /** How many signatures are computed for one request by default. */
  public static final int DEFAULT_MAX_ATTEMPTS = 2_000;

  /** How many bytes are hashed for one request. */
  public static final long MAX_BYTES = 1L << 29;

  private static final int MAX_HINTS = 16;

  private final WebhookVerifier verifier;
  private final Hints hints;
  private final int maxAttempts;

  private SignatureExplainer(Builder builder, Hints hints) {
    this.verifier = builder.verifier;
    this.maxAttempts = builder.maxAttempts;
    this.hints = hints;
  }

  /**
   * Starts an explainer.
   *
   * @param verifier the verifier that refused the request
   * @return a builder whose settings are all optional
   */
  public static Builder builder(WebhookVerifier verifier) {
    return new Builder(verifier);
  }

  /**
   * Explains why the verifier refuses a request.
   *
   * @param request the request as it came in
   * @return the cause; {@code verifies} if it does not refuse it
   */
  public Explanation explain(IncomingRequest request) {
    RefusalReason refusal;
    try {
      verifier.verify(request);
      return new Explanation(Cause.VERIFIES, true, "", null, null);
    } catch (WebhookRefusedException e) {
      refusal = e.reason();
    }
    return new Examination(new RefusalContext(verifier, request, hints), refusal, maxAttempts)
        .explain();
  }

  /** Describes the verifier and the number of hints, without secrets. */
  @Override
  public String toString() {
    return "SignatureExplainer[" + verifier + ", older secrets "
        + hints.secrets().size()
        + ", candidate hosts " + hints.hosts().size() + ", candidate URLs "
        + hints.urls().size()
        + "]";
  }

  /** Collects what an explainer may try. Not for use by several threads. */
  public static final class Builder {
    private final WebhookVerifier verifier;
    private final List<SigningSecret> secrets = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private final List<String> urls = new ArrayList<>();
    private int maxAttempts = DEFAULT_MAX_ATTEMPTS;

    private Builder(WebhookVerifier verifier) {
      this.verifier = Objects.requireNonNull(verifier, "verifier");
    }

    /**
     * Adds a secret that was used before, or might be used by mistake.
     *
     * @param secret a signing secret that is not among the verifier's
     * @return this builder
     */
    public Builder olderSecret(SigningSecret secret) {
      secrets.add(Objects.requireNonNull(secret, "secret"));
      return this;
    }

    /**
     * Adds a host that the URL might have been signed with, in the place of the public one.
     *
     * @param host a name or address, with a port if it has one, for example {@code 10.0.0.7:8080}
     * @return this builder
     */
    public Builder candidateHost(String host) {
      hosts.add(Objects.requireNonNull(host, "host"));
      return this;
    }

    /**
     * Adds a URL that might have been signed instead of the public one. Give the public URL as it
     * was typed, with its upper-case letters and fragment, to find out whether it was signed like
     * that.
     *
     * @param url an absolute URL, with its query if it has one
     * @return this builder
     */
    public Builder candidateUrl(String url) {
      urls.add(Objects.requireNonNull(url, "url"));
      return this;
    }

    /**
     * The number of signatures to compute for one request;
     * {@value SignatureExplainer#DEFAULT_MAX_ATTEMPTS} unless this is called.
     *
     * @param maxAttempts 1 to 100,000
     * @return this builder
     */
    public Builder maxAttempts(int maxAttempts) {
      this.maxAttempts = maxAttempts;
      return this;
    }

    /**
     * Makes the explainer.
     *
     * @return the explainer
     * @throws IllegalArgumentException if there are more than 16 of a kind, a host is not valid, or
     *     {@code maxAttempts} is out of its range; the message names the setting
     * @throws cloud.klink.webhooks.MalformedException if a URL has no canonical form
     */
    public SignatureExplainer build() {
      checkCount("olderSecret", secrets.size());
      checkCount("candidateHost", hosts.size());
      checkCount("candidateUrl", urls.size());
      Ranges.check("maxAttempts", maxAttempts, 1, 100_000);
      return new SignatureExplainer(
          this,
          new Hints(
              List.copyOf(secrets),
              hosts.stream().map(Builder::host).toList(),
              Stream.concat(Stream.of(verifier.publicUrl()), urls.stream())
                  .distinct()
                  .map(this::url)
                  .toList()));
    }

    private static void checkCount(String setting, int count) {
      if (count > MAX_HINTS) {
        throw new IllegalArgumentException(
            setting + ": at most " + MAX_HINTS + " can be given, not " + count);
      }
    }

    private static Authority host(String text) {
      return Authority.parse(text)
          .orElseThrow(() -> new IllegalArgumentException("candidateHost: \"" + text
              + "\" is not a host; give a name or an address, as 10.0.0.7:8080 or [::1]"));
    }

    private Hints.Url url(String text) {
      return new Hints.Url(text, CanonicalTarget.of(verifier.target().method(), text));
    }
  }
}
