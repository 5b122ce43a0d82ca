package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a verifier requires of its secrets and their groups. */
final class SecretRules {
  private static final int SAFE_SECRET_BYTES = 16;
  private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Logger LOG = LoggerFactory.getLogger(WebhookVerifier.class);

  private SecretRules() {}

  static void warnOfShort(List<SigningSecret> secrets) {
    long count = secrets.stream()
        .filter(
            secret -> secret.reveal().getBytes(StandardCharsets.UTF_8).length < SAFE_SECRET_BYTES)
        .count();
    if (count > 0) {
      LOG.warn(
          "{} of the {} signing secrets have fewer than {} bytes and can be guessed; regenerate"
              + " them in K-LINK",
          count,
          secrets.size(),
          SAFE_SECRET_BYTES);
    }
  }

  /** Checks the names, and that no two groups have a secret in common. */
  static void checkGroups(List<SigningSecret> secrets, List<String> groups) {
    for (int i = 0; i < groups.size(); i++) {
      if (!GROUP.matcher(groups.get(i)).matches()) {
        throw new IllegalArgumentException(
            "secret: the name of a group must be 1 to 64 of the characters A-Z a-z 0-9 . _ -");
      }
      int first = secrets.indexOf(secrets.get(i));
      if (!groups.get(first).equals(groups.get(i))) {
        throw new IllegalArgumentException("secret: the groups " + groups.get(first) + " and "
            + groups.get(i) + " have the same secret; give each webhook a secret of its own");
      }
    }
  }
}
