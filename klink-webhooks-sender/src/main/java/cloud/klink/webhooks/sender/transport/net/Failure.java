package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed.
 *
 * @param outcome the outcome
 * @param text the explanation, for people
 */
public record Failure(AttemptOutcome outcome, String text) {
  /** The outcomes from the most to the least informative, for attempts at several addresses. */
  private static final List<AttemptOutcome> MOST_INFORMATIVE_FIRST = List.of(
      AttemptOutcome.TLS_FAILED,
      AttemptOutcome.TIMED_OUT,
      AttemptOutcome.BROKEN,
      AttemptOutcome.CONNECTION_REFUSED,
      AttemptOutcome.UNREACHABLE,
      AttemptOutcome.NOT_ALLOWED,
      AttemptOutcome.INTERNAL);

  private static final Set<AttemptOutcome> BEFORE_ANY_CONNECTION =
      EnumSet.of(AttemptOutcome.CONNECTION_REFUSED, AttemptOutcome.UNREACHABLE);

  public static Failure timedOut(
      Duration timeout, CallObserver observer, @Nullable HttpProxy proxy) {
    String text = "timed out after " + text(timeout) + " while " + observer.phase();
    if (observer.hasConnected()) {
      return new Failure(AttemptOutcome.TIMED_OUT, text);
    }
    return new Failure(
        AttemptOutcome.UNREACHABLE, proxy == null ? text : text + ", through the proxy " + proxy);
  }

  public static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
  }

  /**
   * Explains an exception. If several addresses were tried, it holds the exceptions of the others.
   *
   * @param host the endpoint's host
   * @param proxy the proxy, or null
   */
  public static Failure of(
      IOException exception, CallObserver observer, String host, @Nullable HttpProxy proxy) {
    return Stream.concat(Stream.of(exception), Stream.of(exception.getSuppressed()))
        .map(cause -> ofOne(cause, observer, host, proxy))
        .min(Comparator.comparingInt(failure -> MOST_INFORMATIVE_FIRST.indexOf(failure.outcome)))
        .orElseThrow();
  }

  private static Failure ofOne(
      Throwable exception, CallObserver observer, String host, @Nullable HttpProxy proxy) {
    if (isEndOnHttp2(exception, observer)) {
      IOException end = observer.connectionFailure();
      return end != null && Failures.isAlert(end)
          ? new Failure(AttemptOutcome.TLS_FAILED, Failures.describe(end, host, "the endpoint"))
          : new Failure(AttemptOutcome.BROKEN, Failures.reset("the endpoint"));
    }
    AttemptOutcome outcome = outcome(exception, observer);
    if (proxy == null || observer.hasConnected() || outcome == AttemptOutcome.NOT_ALLOWED) {
      return new Failure(outcome, Failures.describe(exception, host, "the endpoint"));
    }
    return new Failure(
        BEFORE_ANY_CONNECTION.contains(outcome) ? AttemptOutcome.UNREACHABLE : outcome,
        "the proxy " + proxy + ": " + Failures.describe(exception, "it", "it"));
  }

  /**
   * Whether a connection of HTTP/2 ended before an answer. Whether a stream sees that as a reset,
   * as an end or as a failed write depends on chance, so the error is the same for all, unless TLS
   * gave a reason.
   */
  private static boolean isEndOnHttp2(Throwable exception, CallObserver observer) {
    return observer.isHttp2()
        && Failures.cutOff(exception) == null
        && (observer.hasConnectionEnded() || observer.hasGoneAway());
  }

  private static AttemptOutcome outcome(Throwable exception, CallObserver observer) {
    if (exception instanceof AddressNotAllowedException) {
      return AttemptOutcome.NOT_ALLOWED;
    }
    CutOffException cutOff = Failures.cutOff(exception);
    if (cutOff != null) {
      return observer.hasConnected() ? cutOff.outcome() : AttemptOutcome.UNREACHABLE;
    }
    if (Failures.isBeforeConnection(exception)) {
      return Failures.isRefusal(exception)
          ? AttemptOutcome.CONNECTION_REFUSED
          : AttemptOutcome.UNREACHABLE;
    }
    if (observer.hasConnected()) {
      return Failures.isTls(exception) ? AttemptOutcome.TLS_FAILED : AttemptOutcome.BROKEN;
    }
    // A failure before the first step has its cause in the client: its settings or an interceptor.
    return observer.phase() == CallPhase.STARTING
        ? AttemptOutcome.INTERNAL
        : AttemptOutcome.UNREACHABLE;
  }
}
