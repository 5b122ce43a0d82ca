package cloud.klink.webhooks.sender.transport.websocket;

import java.util.Set;

/** The codes of RFC 6455, section 7.4, and IANA's registry of them. */
final class CloseCodes {
  static final int NORMAL = 1_000;
  static final int GOING_AWAY = 1_001;
  static final int PROTOCOL_ERROR = 1_002;
  static final int UNSUPPORTED_DATA = 1_003;

  /** What a close frame without a code is told as. */
  static final int NONE = 1_005;

  static final int INVALID_PAYLOAD = 1_007;
  static final int POLICY_VIOLATION = 1_008;
  static final int TOO_BIG = 1_009;
  private static final int SERVICE_RESTART = 1_012;
  private static final int TRY_AGAIN_LATER = 1_013;
  private static final Set<Integer> GRACEFUL =
      Set.of(NORMAL, GOING_AWAY, SERVICE_RESTART, TRY_AGAIN_LATER);

  /** How an endpoint closes without an error: it goes away, or gives no code. */
  private static final Set<Integer> PEACEFUL = Set.of(NORMAL, GOING_AWAY, SERVICE_RESTART, NONE);

  private static final Set<Integer> RESERVED = Set.of(1_004, NONE, 1_006);
  private static final int LAST_REGISTERED = 1_014;
  private static final int FIRST_OF_APPLICATIONS = 3_000;
  private static final int LAST_OF_APPLICATIONS = 4_999;

  private CloseCodes() {}

  /** Whether a code may stand in a close frame; 3000 to 4999 are for applications. */
  static boolean mayBeSent(int code) {
    return (code >= NORMAL && code <= LAST_REGISTERED && !RESERVED.contains(code))
        || (code >= FIRST_OF_APPLICATIONS && code <= LAST_OF_APPLICATIONS);
  }

  /**
   * Whether an endpoint that closes so would take on another connection what it has not answered:
   * it may answer nothing any more once it has closed (RFC 6455, 5.5.1).
   */
  static boolean isPeaceful(int code) {
    return PEACEFUL.contains(code);
  }

  /** Whether an endpoint that closes so has nothing to complain about. */
  static boolean isGraceful(int code) {
    return GRACEFUL.contains(code);
  }
}
