package cloud.klink.webhooks.sender.secret;

/** What may be the id of a key: short, and without the colon that ends it in the stored form. */
final class KeyIds {
  static final String PATTERN = "[A-Za-z0-9._-]{1," + SecretCipher.MAX_KEY_ID_LENGTH + "}";

  private KeyIds() {}

  static void check(String keyId) {
    if (!keyId.matches(PATTERN)) {
      throw new IllegalArgumentException("keyId: it must have 1 to "
          + SecretCipher.MAX_KEY_ID_LENGTH
          + " ASCII letters, digits, dots, underscores and hyphens");
    }
  }
}
