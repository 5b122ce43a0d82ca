package cloud.klink.webhooks.sender.secret;

import cloud.klink.webhooks.sender.reason.SenderReason;
import java.util.Objects;
import java.util.Optional;

/**
 * Encrypts secrets and binds them to where they are stored. {@link AesGcmCipher} is one; another
 * may ask a key management service.
 *
 * <p>Safe for use by many threads. It is asked by those that publish and claim, whenever a webhook
 * is loaded, so it must not take long. A secret that it cannot decrypt, for whatever reason, harms
 * only the webhook whose it is. What it throws is reported as
 * {@link SenderReason#SECRET_CIPHER_FAILED} when decrypting, and passed on to the caller that
 * changes a webhook when encrypting: nothing is stored then. It throws nothing that tells a secret
 * or a key.
 */
public interface SecretCipher {
  /** How long the id of a key may be. */
  int MAX_KEY_ID_LENGTH = 64;

  /**
   * Checks the id of a key.
   *
   * @param keyId the id
   * @throws IllegalArgumentException unless it is 1 to {@value #MAX_KEY_ID_LENGTH} ASCII letters,
   *     digits and {@code . _ -}
   */
  static void checkKeyId(String keyId) {
    if (!Objects.requireNonNull(keyId, "keyId")
        .matches("[A-Za-z0-9._-]{1," + MAX_KEY_ID_LENGTH + "}")) {
      throw new IllegalArgumentException("keyId: it must have 1 to " + MAX_KEY_ID_LENGTH
          + " ASCII letters, digits, dots, underscores and hyphens");
    }
  }

  /**
   * The key that {@link #encrypt} uses. Its id is stored with each secret, to be read by everybody.
   *
   * @return 1 to {@value #MAX_KEY_ID_LENGTH} ASCII letters, digits and {@code . _ -}; always the
   *     same, and never the id of another key, before or after
   */
  String keyId();

  /**
   * Whether there is a key for {@link #decrypt}.
   *
   * @param keyId any text
   * @return true for the current key and for older ones that the cipher still has
   */
  boolean hasKey(String keyId);

  /**
   * Encrypts under the current key. The same twice gives two different results.
   *
   * @param plain the secret; neither kept nor changed
   * @param associated what the result is bound to; not part of the result
   * @return what {@link #decrypt} takes
   */
  byte[] encrypt(byte[] plain, byte[] associated);

  /**
   * Decrypts.
   *
   * @param keyId the key that encrypted it, one of which {@link #hasKey} is true
   * @param encrypted what {@link #encrypt} gave, perhaps damaged or from somewhere else
   * @param associated what it must be bound to
   * @return the secret, in an array that is the caller's to wipe; empty if one bit of all this is
   *     not as it was
   */
  Optional<byte[]> decrypt(String keyId, byte[] encrypted, byte[] associated);

  /**
   * A description for logs, without the key.
   *
   * @return algorithm and key id, for example {@code AES-256-GCM, key 2026-01}
   */
  String describe();
}
