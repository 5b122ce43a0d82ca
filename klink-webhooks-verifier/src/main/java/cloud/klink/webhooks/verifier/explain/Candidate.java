package cloud.klink.webhooks.verifier.explain;

/** A change, and what would have been signed with it. */
final class Candidate {
  final Cause cause;

  /** What exactly was changed, for a person; may be empty. */
  final String detail;

  private final Algorithm algorithm;
  private final byte[] key;
  private final byte[] head;
  private final byte[] body;

  Candidate(Cause cause, String detail, Algorithm algorithm, byte[] key, byte[] head, byte[] body) {
    this.cause = cause;
    this.detail = detail;
    this.algorithm = algorithm;
    this.key = key;
    this.head = head;
    this.body = body;
  }

  /** How many bytes are hashed for it. */
  long length() {
    return (long) key.length + head.length + body.length;
  }

  byte[] sign() {
    return algorithm.sign(key, head, body);
  }
}
