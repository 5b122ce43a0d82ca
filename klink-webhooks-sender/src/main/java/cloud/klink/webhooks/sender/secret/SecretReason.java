package cloud.klink.webhooks.sender.secret;

import cloud.klink.webhooks.Reason;

/** Why a stored secret cannot be read. */
public enum SecretReason implements Reason {
  /** It is encrypted, and the sender was given no key. */
  NO_KEY("secret_no_key", "it is encrypted under the key %s; give the sender a cipher with it"),

  /** It is encrypted under a key that the sender has not got. */
  UNKNOWN_KEY(
      "secret_unknown_key",
      "it is encrypted under the key %s, which is not at hand; give the cipher that as an older one"),

  /** It is stored in a form that a later version of this library may know. */
  UNKNOWN_VERSION(
      "secret_unknown_version",
      "its form is not known; use the version of this library that has stored it"),

  /** Its stored form is damaged, or what it holds is no secret. */
  MALFORMED("secret_malformed", "what is stored is damaged; restore it"),

  /**
   * It does not decrypt: it was damaged, belongs to another webhook or another field, is an old one
   * that was put back, or the scheme, host or port of the webhook's URL was changed in the storage.
   */
  NOT_AUTHENTIC(
      "secret_not_authentic",
      "it does not decrypt: it is damaged, comes from somewhere else, is an old one, the URL's"
          + " scheme, host or port was changed behind the sender's back, or its key's id stands for"
          + " another key here; restore the row"),

  /** It is not encrypted, and the sender takes none that is not. */
  NOT_ENCRYPTED(
      "secret_not_encrypted",
      "it is not encrypted, and this sender has a cipher and takes none that is not; if encryption"
          + " was just turned on, allow unencrypted secrets until they are re-encrypted; else find"
          + " out who stored it"),

  /** The cipher failed; that may pass. */
  CIPHER_FAILED("secret_cipher_failed", "the cipher failed; try again");

  private final String code;
  private final String rule;

  SecretReason(String code, String rule) {
    this.code = code;
    this.rule = rule;
  }

  @Override
  public String code() {
    return code;
  }

  String rule(String keyId) {
    return rule.formatted(keyId);
  }
}
