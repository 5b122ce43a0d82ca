package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that was not accepted. Immutable and safe for use by many threads. */
public final class RefusedRequest {
  private final RefusalReason reason;
  private final String detail;
  private final @Nullable IncomingRequest request;
  private final @Nullable Duration verificationTime;

  private RefusedRequest(
      RefusalReason reason,
      String detail,
      @Nullable IncomingRequest request,
      @Nullable Duration verificationTime) {
    this.reason = Objects.requireNonNull(reason, "reason");
    this.detail = Objects.requireNonNull(detail, "detail");
    this.request = request;
    this.verificationTime = verificationTime;
  }

  /**
   * An authentic request that was refused.
   *
   * @param reason why
   * @param detail which rule was broken where; no part of the body, no secret
   * @return without the request and the time that verifying took
   */
  public static RefusedRequest authentic(RefusalReason reason, String detail) {
    return new RefusedRequest(reason, detail, null, null);
  }

  /**
   * A request that was not found authentic.
   *
   * @param reason why
   * @param detail which rule was broken where; no part of the body, no secret
   * @param request the request with as much of its body as was read, or null for a WebSocket
   *     message
   * @param verificationTime how long verifying took, without waiting for the body
   * @return with all of that
   */
  public static RefusedRequest unauthentic(
      RefusalReason reason,
      String detail,
      @Nullable IncomingRequest request,
      Duration verificationTime) {
    return new RefusedRequest(
        reason, detail, request, Objects.requireNonNull(verificationTime, "verificationTime"));
  }

  /**
   * Why it was refused.
   *
   * @return for programs
   */
  public RefusalReason reason() {
    return reason;
  }

  /**
   * Which rule was broken where.
   *
   * @return for people; no part of the body, no secret
   */
  public String detail() {
    return detail;
  }

  /**
   * The request with as much of its body as was read. It is hostile: nothing of it is
   * authenticated.
   *
   * @return empty for a WebSocket message and for what was verified elsewhere
   */
  public Optional<IncomingRequest> request() {
    return Optional.ofNullable(request);
  }

  /**
   * How long verifying took, without waiting for the body.
   *
   * @return empty if the request was authentic and refused for another reason
   */
  public Optional<Duration> verificationTime() {
    return Optional.ofNullable(verificationTime);
  }

  /** Tells the reason; the request may be confidential. */
  @Override
  public String toString() {
    return "RefusedRequest[" + reason.code() + "]";
  }
}
