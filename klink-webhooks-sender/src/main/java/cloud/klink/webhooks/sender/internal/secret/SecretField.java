package cloud.klink.webhooks.sender.internal.secret;

/** The secrets of a webhook. */
enum SecretField {
  SECRET("secret", "regenerate the signing secret"),
  AUTHENTICATION("authentication.value", "set the authentication again");

  private final String id;
  private final String remedy;

  SecretField(String id, String remedy) {
    this.id = id;
    this.remedy = remedy;
  }

  /** The id in associated data, which never changes. */
  String id() {
    return id;
  }

  /** What replaces the secret if it cannot be read. */
  String remedy() {
    return remedy;
  }
}
