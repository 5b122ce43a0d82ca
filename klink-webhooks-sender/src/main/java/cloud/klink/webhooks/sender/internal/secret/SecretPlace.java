package cloud.klink.webhooks.sender.internal.secret;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a secret is stored, which an encrypted one is bound to.
 *
 * @param webhookId whose it is
 * @param field which of the webhook's secrets it is
 * @param version how often that was replaced
 * @param origin the origin that it may be sent to; empty for one that is never sent, and for the
 *     one of a URL that nothing can be sent to
 */
record SecretPlace(String webhookId, SecretField field, long version, String origin) {
  /**
   * What the cipher authenticates. Neither a field's id nor a version holds a colon, nor an origin
   * a space, so no two places give the same.
   */
  byte[] associated(String head) {
    return (head + field.id() + ":" + version + ":" + origin + " " + webhookId)
        .getBytes(StandardCharsets.UTF_8);
  }

  UnreadableSecretException unreadable(SenderReason reason) {
    return unreadable(reason, "", null);
  }

  /** What to throw for a secret of this place. */
  UnreadableSecretException unreadable(
      SenderReason reason, String keyId, @Nullable Throwable cause) {
    return new UnreadableSecretException(
        webhookId,
        field.id(),
        reason,
        "webhook " + webhookId + ", " + field.id() + ": " + rule(reason, keyId) + ", or "
            + field.remedy(),
        cause);
  }

  private static String rule(SenderReason reason, String keyId) {
    return switch (reason) {
      case SECRET_NO_KEY ->
        "it is encrypted under the key " + keyId + "; give the sender a cipher with it";
      case SECRET_UNKNOWN_KEY ->
        "it is encrypted under the key " + keyId
            + ", which is not at hand; give the cipher that as an older one";
      case SECRET_UNKNOWN_VERSION ->
        "its form is not known; use the version of this library that has stored it";
      case SECRET_NOT_AUTHENTIC ->
        "it does not decrypt: it is damaged, comes from somewhere else, is an old one, the URL's"
            + " scheme, host or port was changed behind the sender's back, or its key's id stands"
            + " for another key here; restore the row";
      case SECRET_NOT_ENCRYPTED ->
        "it is not encrypted, and this sender has a cipher and takes none that is not; if"
            + " encryption was just turned on, allow unencrypted secrets until they are"
            + " re-encrypted; else find out who stored it";
      case SECRET_CIPHER_FAILED -> "the cipher failed; try again";
      default -> "what is stored is damaged; restore it";
    };
  }
}
