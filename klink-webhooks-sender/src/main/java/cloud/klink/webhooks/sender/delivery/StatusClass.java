package cloud.klink.webhooks.sender.delivery;

import java.util.OptionalInt;

/** How an endpoint answered, by the first digit of the HTTP status. */
public enum StatusClass {
  /** No answer came, or nothing was sent. */
  NO_RESPONSE(0),
  /** 2xx, or an ack on a WebSocket. */
  SUCCESS(2),
  /** 3xx; redirects are not followed. */
  REDIRECTION(3),
  /** 4xx, or a nack on a WebSocket. */
  CLIENT_ERROR(4),
  /** 5xx. */
  SERVER_ERROR(5),
  /** A status that HTTP does not have, as 999. */
  OTHER(9);

  private final int code;

  StatusClass(int code) {
    this.code = code;
  }

  /**
   * The number that storages keep. It is the same in all versions.
   *
   * @return 0, 2, 3, 4, 5 or 9
   */
  public int code() {
    return code;
  }

  /**
   * The class with a {@link #code()}.
   *
   * @param code 0, 2, 3, 4, 5 or 9
   * @return the class
   * @throws IllegalArgumentException for any other number
   */
  public static StatusClass ofCode(int code) {
    for (StatusClass one : values()) {
      if (one.code == code) {
        return one;
      }
    }
    throw new IllegalArgumentException("status class: " + code + " is not known");
  }

  /**
   * The class of a result.
   *
   * @param result the result of an attempt
   * @return its class
   */
  public static StatusClass of(AttemptResult result) {
    return of(result.outcome(), result.status());
  }

  static StatusClass of(AttemptOutcome outcome, OptionalInt status) {
    if (status.isEmpty()) {
      return switch (outcome) {
        case SUCCEEDED -> SUCCESS;
        case REJECTED -> CLIENT_ERROR;
        default -> NO_RESPONSE;
      };
    }
    return switch (status.getAsInt() / 100) {
      case 2 -> SUCCESS;
      case 3 -> REDIRECTION;
      case 4 -> CLIENT_ERROR;
      case 5 -> SERVER_ERROR;
      default -> OTHER;
    };
  }
}
