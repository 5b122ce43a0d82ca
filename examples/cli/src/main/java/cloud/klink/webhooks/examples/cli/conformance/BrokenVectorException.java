package cloud.klink.webhooks.examples.cli.conformance;

/** A line is no vector. The message names the field and the rule. */
final class BrokenVectorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokenVectorException(String rule) {
    super(rule);
  }

  BrokenVectorException(String field, String rule) {
    super(field + ": " + rule);
  }
}
