package cloud.klink.webhooks.sender.delivery;

/** The outcome of an attempt, for metrics, searches and rules. */
public enum AttemptOutcome {
  /** The endpoint acknowledged the delivery. */
  SUCCEEDED(0, "succeeded"),
  /** The endpoint answered, but neither with a status of 2xx nor with an ack. */
  REJECTED(1, "rejected"),
  /** A connection was established, but the answer did not come in time. */
  TIMED_OUT(2, "timed_out"),
  /**
   * No connection was made: the name is unknown, there is no route, connecting took too long, or
   * the proxy failed. A single such failure does not show whether the endpoint or this node's own
   * network is at fault.
   */
  UNREACHABLE(3, "unreachable"),
  /** The endpoint's machine refused the connection. */
  CONNECTION_REFUSED(4, "connection_refused"),
  /** A connection was established, but TLS failed, most often because of the certificate. */
  TLS_FAILED(5, "tls_failed"),
  /** The connection broke, or the endpoint violated the protocol. */
  BROKEN(6, "broken"),
  /** Nothing was sent, because the endpoint or a header is not allowed. */
  NOT_ALLOWED(7, "not_allowed"),
  /** The attempt failed on this node: a damaged row, or the sender was closed. */
  INTERNAL(8, "internal");

  private final int code;
  private final String id;

  AttemptOutcome(int code, String id) {
    this.code = code;
    this.id = id;
  }

  /**
   * The number that storages keep. It does not change between versions.
   *
   * @return 0 to 8
   */
  public int code() {
    return code;
  }

  /**
   * The name that logs and metrics use.
   *
   * @return lower-case letters and underscores
   */
  public String id() {
    return id;
  }

  /**
   * The outcome with a {@link #code()}.
   *
   * @param code 0 to 8
   * @return the outcome
   * @throws IllegalArgumentException for any other number
   */
  public static AttemptOutcome ofCode(int code) {
    for (AttemptOutcome outcome : values()) {
      if (outcome.code == code) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("outcome: " + code + " is not known");
  }
}
