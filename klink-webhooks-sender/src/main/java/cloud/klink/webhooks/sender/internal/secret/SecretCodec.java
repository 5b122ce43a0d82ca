package cloud.klink.webhooks.sender.internal.secret;

import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.SecretCipher;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Encodes secrets for the storage, and decodes them. Safe for use by many threads.
 *
 * <p>An encrypted secret is {@code enc:1:<key id>:<Base64>}: Base64 for URLs, without padding, of
 * the {@link SecretCipher}'s output for the secret in UTF-8. Its associated data is
 * {@code enc:1:<key id>:<field>:<version>:<origin> <webhook id>}. The field is {@code secret} or
 * {@code authentication.value}, the version is that of the stored text, and the origin is the
 * scheme, host and port of the webhook's URL, to which the value is sent; it is empty for the
 * signing secret. So a text that is copied to another webhook, to the other field, over its
 * replacement, or to a URL of another origin cannot be read. A secret that is not encrypted is
 * stored as it is, with {@code enc:0:} before it if it begins with {@code enc:}. No authentication
 * is an empty text.
 *
 * <p>Encryption protects secrets from those who can read the database. A codec that encrypts does
 * not read unencrypted secrets, so that those who can write to the database cannot replace an
 * encrypted secret by one of their own. {@link #allowingUnencrypted} is for the time in which
 * encryption is turned on.
 */
public final class SecretCodec {
  private static final SecretCodec PLAIN = new SecretCodec(null, false, true);

  private final @Nullable SecretCipher cipher;
  private final boolean encrypts;
  private final boolean readsPlain;

  private SecretCodec(@Nullable SecretCipher cipher, boolean encrypts, boolean readsPlain) {
    this.cipher = cipher;
    this.encrypts = encrypts;
    this.readsPlain = readsPlain;
  }

  /**
   * A codec that does not encrypt and reads no encrypted secrets.
   *
   * @return always the same object
   */
  public static SecretCodec plain() {
    return PLAIN;
  }

  /**
   * A codec that encrypts, and reads encrypted secrets only.
   *
   * @param cipher the cipher
   * @return a codec
   * @throws IllegalArgumentException if its key id is malformed
   */
  public static SecretCodec encrypting(SecretCipher cipher) {
    return of(cipher, true);
  }

  /**
   * A codec that does not encrypt, and reads both encrypted and unencrypted secrets, for turning
   * encryption off.
   *
   * @param cipher the cipher
   * @return a codec
   * @throws IllegalArgumentException if its key id is malformed
   */
  public static SecretCodec decrypting(SecretCipher cipher) {
    return of(cipher, false);
  }

  private static SecretCodec of(SecretCipher cipher, boolean encrypts) {
    SecretCipher.checkKeyId(cipher.keyId());
    return new SecretCodec(cipher, encrypts, !encrypts);
  }

  /**
   * A copy that reads unencrypted secrets, too. It is for turning encryption on, until all nodes
   * encrypt and all secrets are re-encrypted. While it is used, those who can write to the database
   * can replace an encrypted secret by one of their own. A codec that does not encrypt always reads
   * unencrypted secrets.
   *
   * @return another codec
   */
  public SecretCodec allowingUnencrypted() {
    return new SecretCodec(cipher, encrypts, true);
  }

  /**
   * Encodes a signing secret.
   *
   * @param webhookId the webhook
   * @param version the version that the stored text will have
   * @param secret the secret
   * @return the text to store
   */
  public String sealSecret(String webhookId, long version, SigningSecret secret) {
    return seal(place(webhookId, version), secret.reveal());
  }

  /**
   * Encodes the value of an authentication header.
   *
   * @param webhookId the webhook
   * @param url the webhook's URL; the value is sent only to its origin
   * @param version the version that the stored text will have
   * @param value the value; empty if there is none
   * @return the text to store; empty if there is none
   * @throws IllegalArgumentException if it holds half a surrogate pair
   */
  public String sealAuthentication(String webhookId, String url, long version, String value) {
    return value.isEmpty() ? "" : seal(place(webhookId, url, version), value);
  }

  private static SecretPlace place(String webhookId, long version) {
    return new SecretPlace(webhookId, SecretField.SECRET, version, "");
  }

  private static SecretPlace place(String webhookId, String url, long version) {
    return new SecretPlace(
        webhookId,
        SecretField.AUTHENTICATION,
        version,
        EndpointUrl.originOf(url).orElse(""));
  }

  private String seal(SecretPlace place, String value) {
    if (cipher == null || !encrypts) {
      return EncodedSecret.plain(value);
    }
    byte[] plain = Utf8.of(value)
        .orElseThrow(() -> new IllegalArgumentException(
            place.field().id() + ": it must not hold half a surrogate pair"));
    try {
      return EncodedSecret.encrypted(cipher, place, plain);
    } finally {
      Utf8.wipe(plain);
    }
  }

  /**
   * Decodes a signing secret.
   *
   * @param webhookId the webhook
   * @param version the version of the stored text
   * @param stored the text that was stored
   * @return the secret
   * @throws UnreadableSecretException if it cannot be read
   */
  public SigningSecret openSecret(String webhookId, long version, String stored) {
    SecretPlace place = place(webhookId, version);
    byte[] utf8 = open(place, stored);
    try {
      return SigningSecret.of(utf8);
    } catch (IllegalArgumentException e) {
      throw place.unreadable(SenderReason.SECRET_MALFORMED, "", e);
    } finally {
      Utf8.wipe(utf8);
    }
  }

  /**
   * Decodes the value of an authentication header.
   *
   * @param webhookId the webhook
   * @param url the webhook's URL
   * @param version the version of the stored text
   * @param stored the text that was stored
   * @return the value; empty if there is none
   * @throws UnreadableSecretException if it cannot be read
   */
  public String openAuthentication(String webhookId, String url, long version, String stored) {
    if (stored.isEmpty()) {
      return "";
    }
    byte[] utf8 = open(place(webhookId, url, version), stored);
    try {
      return new String(utf8, StandardCharsets.UTF_8);
    } finally {
      Utf8.wipe(utf8);
    }
  }

  /**
   * Whether a secret is stored as this codec would store it: encrypted under the current key, or
   * not encrypted. Damage is not detected.
   *
   * @param stored the stored text
   * @return false if it must be encoded again
   */
  public boolean isCurrent(String stored) {
    if (cipher == null || !encrypts) {
      return EncodedSecret.isPlain(stored);
    }
    return stored.isEmpty() || EncodedSecret.isEncryptedBy(cipher, stored);
  }

  /** Returns an array that the caller must wipe. */
  private byte[] open(SecretPlace place, String stored) {
    if (!readsPlain && EncodedSecret.isPlain(stored)) {
      throw place.unreadable(SenderReason.SECRET_NOT_ENCRYPTED);
    }
    return EncodedSecret.read(cipher, place, stored);
  }

  /**
   * How secrets are stored, for logs.
   *
   * @return one line, without any secret
   */
  public String describe() {
    if (cipher == null) {
      return "not encrypted";
    }
    if (!encrypts) {
      return "not encrypted; encrypted ones are still read with " + cipher.describe();
    }
    return "encrypted with " + cipher.describe()
        + (readsPlain ? "; unencrypted ones are read, too" : "");
  }

  /** Returns the name of this class and {@link #describe}. */
  @Override
  public String toString() {
    return "SecretCodec[" + describe() + "]";
  }
}
