package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalForm;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the secret and the dialect in which a body was signed, within a bound of memory. */
final class Authentication {
  private final CanonicalTarget target;
  private final List<SigningSecret> secrets;
  private final List<String> groups;
  private final List<Dialect> dialects;
  private final int maxBodyBytes;
  private final VerificationMemory memory;

  Authentication(
      CanonicalTarget target,
      List<SigningSecret> secrets,
      List<String> groups,
      List<Dialect> dialects,
      int maxBodyBytes,
      VerificationMemory memory) {
    this.target = target;
    this.secrets = secrets;
    this.groups = groups;
    this.dialects = dialects;
    this.maxBodyBytes = maxBodyBytes;
    this.memory = memory;
  }

  /** Hands on the canonical body that a signature is for, or refuses with the reason. */
  VerifiedWebhook of(Signature signature, byte[] body) {
    SecretSearch search = new SecretSearch(signature);
    long cost = takeMemory(body.length);
    @Nullable CanonicalBody authentic;
    try {
      authentic = CanonicalBody.search(body, dialects, search).orElse(null);
    } catch (MalformedException e) {
      throw malformed(e);
    } finally {
      memory.giveBack(cost);
    }
    if (authentic == null) {
      throw new WebhookRefusedException(RefusalReason.SIGNATURE_MISMATCH);
    }
    List<String> ambiguous = authentic.hasAmbiguousNumbers()
        ? AmbiguousNumbers.check(ByteBuffer.wrap(body), authentic)
        : List.of();
    return new VerifiedWebhook(authentic, search.found, groups.get(search.found), ambiguous);
  }

  /** Does the same for a body that is part of a larger array. */
  VerifiedWebhook of(Signature signature, ByteBuffer body) {
    SecretSearch search = new SecretSearch(signature);
    long cost = takeMemory(body.remaining());
    @Nullable CanonicalBody authentic;
    try {
      authentic = CanonicalBody.search(body, dialects, search).orElse(null);
    } catch (MalformedException e) {
      throw malformed(e);
    } finally {
      memory.giveBack(cost);
    }
    if (authentic == null) {
      throw new WebhookRefusedException(RefusalReason.SIGNATURE_MISMATCH);
    }
    return new VerifiedWebhook(
        authentic, search.found, groups.get(search.found), AmbiguousNumbers.check(body, authentic));
  }

  private long takeMemory(int length) {
    if (length == 0) {
      throw new WebhookRefusedException(RefusalReason.EMPTY_BODY);
    }
    if (length > maxBodyBytes) {
      throw new WebhookRefusedException(RefusalReason.BODY_TOO_LARGE);
    }
    long cost = VerificationMemory.cost(length);
    if (!memory.take(cost)) {
      throw new WebhookRefusedException(RefusalReason.MEMORY_LIMIT);
    }
    return cost;
  }

  private static WebhookRefusedException malformed(MalformedException e) {
    return new WebhookRefusedException(RefusalReason.MALFORMED_BODY, e.getMessage(), e);
  }

  /** Finds the secret that produces the signature for a form of the body. */
  private final class SecretSearch implements Predicate<CanonicalForm> {
    private final Signature signature;
    private int found = -1;

    SecretSearch(Signature signature) {
      this.signature = signature;
    }

    @Override
    public boolean test(CanonicalForm form) {
      for (int i = 0; i < secrets.size(); i++) {
        if (secrets.get(i).verifies(target, form, signature)) {
          found = i;
          return true;
        }
      }
      return false;
    }
  }
}
