package cloud.klink.webhooks.sender.internal.secret;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The place of a secret, to which an encrypted one is bound.
 *
 * @param webhookId the webhook
 * @param field which of the webhook's secrets it is
 * @param version the version of the stored text
 * @param origin the origin to which the value may be sent; empty if it is never sent, or if the URL
 *     is not valid
 */
record SecretPlace(String webhookId, SecretField field, long version, String origin) {
  /**
   * The associated data for the cipher. It is unique for each place: a field's id and a version
   * hold no colon, and an origin holds no space.
   */
  byte[] associated(String head) {
    return (head + field.id() + ":" + version + ":" + origin + " " + webhookId)
        .getBytes(StandardCharsets.UTF_8);
  }

  UnreadableSecretException unreadable(SenderReason reason) {
    return unreadable(reason, "", null);
  }

  /** The exception for a secret of this place. */
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
        "it is encrypted under the key " + keyId + "; give the sender a cipher with that key";
      case SECRET_UNKNOWN_KEY ->
        "it is encrypted under the key " + keyId
            + ", which the cipher does not have; add it as an older key";
      case SECRET_UNKNOWN_VERSION ->
        "its format is not known; use the version of this library that has stored it";
      case SECRET_NOT_AUTHENTIC ->
        "it cannot be decrypted: it is damaged, copied from elsewhere or outdated, the URL's"
            + " scheme, host or port was changed outside the sender, or the cipher has another key"
            + " under this id; restore the row";
      case SECRET_NOT_ENCRYPTED ->
        "it is not encrypted, and this sender reads only encrypted secrets; if encryption was"
            + " just turned on, allow unencrypted secrets until they are re-encrypted; otherwise"
            + " find out who stored it";
      case SECRET_CIPHER_FAILED -> "the cipher failed; try again";
      default -> "the stored text is damaged; restore it";
    };
  }
}
