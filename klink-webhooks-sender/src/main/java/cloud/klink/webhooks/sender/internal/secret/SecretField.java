package cloud.klink.webhooks.sender.internal.secret;

/** The secrets that a webhook has. */
enum SecretField {
  SECRET("secret", "regenerate the signing secret"),
  AUTHENTICATION("authentication.value", "set the authentication again");

  private final String id;
  private final String remedy;

  SecretField(String id, String remedy) {
    this.id = id;
    this.remedy = remedy;
  }

  /** Part of what is encrypted: it never changes. */
  String id() {
    return id;
  }

  /** What fixes it, whatever has happened to it. */
  String remedy() {
    return remedy;
  }
}
