package cloud.klink.webhooks.sender.secret;

import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Turns secrets into the texts that a storage keeps, and back. Safe for use by many threads.
 *
 * <p>An encrypted secret is {@code enc:1:<key id>:<Base64>}: the alphabet of Base64 that is safe in
 * URLs, without padding, of what the {@link SecretCipher} gave for the secret in UTF-8. It is bound
 * to {@code enc:1:<key id>:<field>:<webhook id>}, where the field is {@code secret} or
 * {@code authentication.value}: copied to another webhook or exchanged for the other, it is not
 * read. A secret that is not encrypted is its own text; if that begins with {@code enc:}, there is
 * {@code enc:0:} before it. No authentication is an empty text.
 *
 * <p>Encryption keeps secrets from those who can read the database. As long as secrets that are not
 * encrypted are taken as well, those who can write to it may put one of their own in the place of
 * an encrypted one; {@link #refusingPlain} ends that.
 */
public final class Vault {
  private static final Vault PLAIN = new Vault(null, false, true);

  private final @Nullable SecretCipher cipher;
  private final boolean encrypts;
  private final boolean takesPlain;

  private Vault(@Nullable SecretCipher cipher, boolean encrypts, boolean takesPlain) {
    this.cipher = cipher;
    this.encrypts = encrypts;
    this.takesPlain = takesPlain;
  }

  /**
   * Encrypts nothing, and reads nothing that is encrypted.
   *
   * @return always the same
   */
  public static Vault plain() {
    return PLAIN;
  }

  /**
   * Encrypts, and reads what is encrypted and what is not.
   *
   * @param cipher what encrypts
   * @return a vault
   * @throws IllegalArgumentException if its key id is none
   */
  public static Vault encrypting(SecretCipher cipher) {
    return of(cipher, true);
  }

  /**
   * Encrypts nothing any more, and reads what is encrypted and what is not: for turning encryption
   * off.
   *
   * @param cipher what decrypts
   * @return a vault
   * @throws IllegalArgumentException if its key id is none
   */
  public static Vault decrypting(SecretCipher cipher) {
    return of(cipher, false);
  }

  private static Vault of(SecretCipher cipher, boolean encrypts) {
    KeyIds.check(cipher.keyId());
    return new Vault(cipher, encrypts, true);
  }

  /**
   * The same, but a secret that is not encrypted counts as unreadable. Use it once re-encrypting
   * has left nothing over.
   *
   * @return another vault
   * @throws IllegalStateException if this one does not encrypt
   */
  public Vault refusingPlain() {
    if (!encrypts) {
      throw new IllegalStateException("vault: one that encrypts nothing cannot refuse it");
    }
    return new Vault(cipher, true, false);
  }

  /**
   * A signing secret as it is to be stored.
   *
   * @param webhookId whose it is
   * @param secret the secret
   * @return a text
   */
  public String sealSecret(String webhookId, SigningSecret secret) {
    return seal(webhookId, SecretField.SECRET, secret.reveal());
  }

  /**
   * The value of an authentication header as it is to be stored.
   *
   * @param webhookId whose it is
   * @param value the value; empty if there is none
   * @return a text; empty if there is none
   * @throws IllegalArgumentException if it holds half a surrogate pair
   */
  public String sealAuthentication(String webhookId, String value) {
    return value.isEmpty() ? "" : seal(webhookId, SecretField.AUTHENTICATION, value);
  }

  private String seal(String webhookId, SecretField field, String value) {
    if (cipher == null || !encrypts) {
      return StoredForm.plain(value);
    }
    byte[] plain = Utf8.of(value)
        .orElseThrow(() ->
            new IllegalArgumentException(field.id() + ": it must not hold half a surrogate pair"));
    try {
      return StoredForm.encrypted(cipher, webhookId, field, plain);
    } finally {
      Utf8.wipe(plain);
    }
  }

  /**
   * Reads a signing secret.
   *
   * @param webhookId whose it is
   * @param stored the text that was stored
   * @return the secret
   * @throws UnreadableSecretException if it cannot be read
   */
  public SigningSecret openSecret(String webhookId, String stored) {
    byte[] utf8 = open(webhookId, SecretField.SECRET, stored);
    try {
      return SigningSecret.of(utf8);
    } catch (IllegalArgumentException e) {
      throw new UnreadableSecretException(
          webhookId, SecretField.SECRET, SecretReason.MALFORMED, "", e);
    } finally {
      Utf8.wipe(utf8);
    }
  }

  /**
   * Reads the value of an authentication header.
   *
   * @param webhookId whose it is
   * @param stored the text that was stored
   * @return the value; empty if there is none
   * @throws UnreadableSecretException if it cannot be read
   */
  public String openAuthentication(String webhookId, String stored) {
    if (stored.isEmpty()) {
      return "";
    }
    byte[] utf8 = open(webhookId, SecretField.AUTHENTICATION, stored);
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
      return StoredForm.isPlain(stored);
    }
    return stored.isEmpty() || StoredForm.isEncryptedBy(cipher, stored);
  }

  /** An array of the caller's own, to be wiped. */
  private byte[] open(String webhookId, SecretField field, String stored) {
    if (!takesPlain && StoredForm.isPlain(stored)) {
      throw new UnreadableSecretException(webhookId, field, SecretReason.NOT_ENCRYPTED);
    }
    return StoredForm.read(cipher, webhookId, field, stored);
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
        + (takesPlain ? "" : ", refusing what is not encrypted");
  }

  /** As {@link #describe}. */
  @Override
  public String toString() {
    return "Vault[" + describe() + "]";
  }
}
