package cloud.klink.webhooks.sender.secret;

import java.nio.charset.StandardCharsets;

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
}
