package cloud.klink.webhooks.sender.internal.secret;

import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.SecretCipher;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Turns secrets into the texts that a storage keeps, and back. Safe for use by many threads.
 *
 * <p>An encrypted secret is {@code enc:1:<key id>:<Base64>}: the alphabet of Base64 that is safe in
 * URLs, without padding, of what the {@link SecretCipher} gave for the secret in UTF-8. It is bound
 * to {@code enc:1:<key id>:<field>:<version>:<origin> <webhook id>}, where the field is
 * {@code secret} or {@code authentication.value}, the version is that of the stored text, and the
 * origin is scheme, host and port of the webhook's URL, which the value is sent to; it is empty for
 * the signing secret. Copied to another webhook, exchanged for the other, put back after it was
 * replaced, or with a URL of another origin, it is not read. A secret that is not encrypted is its
 * own text; if that begins with {@code enc:}, there is {@code enc:0:} before it. No authentication
 * is an empty text.
 *
 * <p>Encryption keeps secrets from those who can read the database. A secretCodec that encrypts
 * takes those that are not encrypted for unreadable, so that nobody who can write to the database
 * puts one of their own in the place of an encrypted one; {@link #allowingUnencrypted} is for the
 * time in which encryption is turned on.
 */
public final class SecretCodec {
  private static final SecretCodec PLAIN = new SecretCodec(null, false, true);

  private final @Nullable SecretCipher cipher;
  private final boolean encrypts;
  private final boolean takesPlain;

  private SecretCodec(@Nullable SecretCipher cipher, boolean encrypts, boolean takesPlain) {
    this.cipher = cipher;
    this.encrypts = encrypts;
    this.takesPlain = takesPlain;
  }

  /**
   * Encrypts nothing, and reads nothing that is encrypted.
   *
   * @return always the same
   */
  public static SecretCodec plain() {
    return PLAIN;
  }

  /**
   * Encrypts, and reads what is encrypted; a secret that is not counts as unreadable.
   *
   * @param cipher what encrypts
   * @return a secretCodec
   * @throws IllegalArgumentException if its key id is malformed
   */
  public static SecretCodec encrypting(SecretCipher cipher) {
    return of(cipher, true);
  }

  /**
   * Encrypts nothing any more, and reads what is encrypted and what is not: for turning encryption
   * off.
   *
   * @param cipher what decrypts
   * @return a secretCodec
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
   * The same, but it reads secrets that are not encrypted as well: for turning encryption on, until
   * all nodes encrypt and re-encrypting has left nothing over. As long as it is used, those who can
   * write to the database can put a secret of their own in the place of an encrypted one. A
   * secretCodec that encrypts nothing reads them in any case.
   *
   * @return another secretCodec
   */
  public SecretCodec allowingUnencrypted() {
    return new SecretCodec(cipher, encrypts, true);
  }

  /**
   * A signing secret as it is to be stored.
   *
   * @param webhookId whose it is
   * @param version the version that the text will have
   * @param secret the secret
   * @return a text
   */
  public String sealSecret(String webhookId, long version, SigningSecret secret) {
    return seal(place(webhookId, version), secret.reveal());
  }

  /**
   * The value of an authentication header as it is to be stored.
   *
   * @param webhookId whose it is
   * @param url the webhook's URL: the value is sent to its origin only
   * @param version the version that the text will have
   * @param value the value; empty if there is none
   * @return a text; empty if there is none
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
   * Reads a signing secret.
   *
   * @param webhookId whose it is
   * @param version the version of the text
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
   * Reads the value of an authentication header.
   *
   * @param webhookId whose it is
   * @param url the webhook's URL
   * @param version the version of the text
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
   * Whether a secret is stored in the way in which this would store it: encrypted under the current
   * key, or not encrypted. It may be damaged all the same.
   *
   * @param stored the text that was stored
   * @return false if it is to be stored anew
   */
  public boolean isCurrent(String stored) {
    if (cipher == null || !encrypts) {
      return EncodedSecret.isPlain(stored);
    }
    return stored.isEmpty() || EncodedSecret.isEncryptedBy(cipher, stored);
  }

  /** An array of the caller's own, to be wiped. */
  private byte[] open(SecretPlace place, String stored) {
    if (!takesPlain && EncodedSecret.isPlain(stored)) {
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
      return "not encrypted any more; what is, is read with " + cipher.describe();
    }
    return "encrypted with " + cipher.describe()
        + (takesPlain ? "; unencrypted ones are read as well" : "");
  }

  /** As {@link #describe}. */
  @Override
  public String toString() {
    return "SecretCodec[" + describe() + "]";
  }
}
