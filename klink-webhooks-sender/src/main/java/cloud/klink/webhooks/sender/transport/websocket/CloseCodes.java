package cloud.klink.webhooks.sender.transport.websocket;

import java.util.Set;

/** The codes of RFC 6455, section 7.4, and IANA's registry of them. */
final class CloseCodes {
  static final int NORMAL = 1_000;
  static final int GOING_AWAY = 1_001;
  static final int PROTOCOL_ERROR = 1_002;
  static final int UNSUPPORTED_DATA = 1_003;

  /** Stands for a close frame without a code. */
  static final int NONE = 1_005;

  static final int INVALID_PAYLOAD = 1_007;
  static final int POLICY_VIOLATION = 1_008;
  static final int TOO_BIG = 1_009;
  private static final int SERVICE_RESTART = 1_012;
  private static final int TRY_AGAIN_LATER = 1_013;
  private static final Set<Integer> GRACEFUL =
      Set.of(NORMAL, GOING_AWAY, SERVICE_RESTART, TRY_AGAIN_LATER);

  /**
   * The codes with which an endpoint closes without an error, so that messages may be sent again.
   */
  private static final Set<Integer> RESENDING_ALLOWED =
      Set.of(NORMAL, GOING_AWAY, SERVICE_RESTART, NONE);

  private static final Set<Integer> RESERVED = Set.of(1_004, NONE, 1_006);
  private static final int LAST_REGISTERED = 1_014;
  private static final int FIRST_OF_APPLICATIONS = 3_000;
  private static final int LAST_OF_APPLICATIONS = 4_999;

  private CloseCodes() {}

  /** Whether a code may be sent in a close frame; 3000 to 4999 are for applications. */
  static boolean mayBeSent(int code) {
    return (code >= NORMAL && code <= LAST_REGISTERED && !RESERVED.contains(code))
        || (code >= FIRST_OF_APPLICATIONS && code <= LAST_OF_APPLICATIONS);
  }

  /**
   * Whether unanswered messages may be sent again after this code. An endpoint cannot answer after
   * it has sent a close frame (RFC 6455, section 5.5.1).
   */
  static boolean allowsResending(int code) {
    return RESENDING_ALLOWED.contains(code);
  }

  /** Whether the code reports no error. */
  static boolean isGraceful(int code) {
    return GRACEFUL.contains(code);
  }
}
