package cloud.klink.webhooks.examples.cli.conformance;

/** A file is not made of vectors. The message names the file, the line, the field and the rule. */
public final class BrokenVectorsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokenVectorsException(String message) {
    super(message);
  }
}
