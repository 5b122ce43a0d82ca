package cloud.klink.webhooks.examples.console.api;

/** What a client sent breaks a rule that is the API's own. */
final class InvalidInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What was sent. */
  private final String field;

  InvalidInput(String field, String rule) {
    super(rule);
    this.field = field;
  }

  String field() {
    return field;
  }

  String rule() {
    return String.valueOf(getMessage());
  }
}
