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
 * Why an attempt came to nothing.
 *
 * @param outcome in one word
 * @param text for people
 */
public record Failure(AttemptOutcome outcome, String text) {
  /** Of several addresses, the one where most was seen tells most. */
  private static final List<AttemptOutcome> TELLING = List.of(
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
    if (observer.stood()) {
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
   * What an exception means. If several addresses were tried, it holds the exceptions of the
   * others.
   *
   * @param host the endpoint's
   * @param proxy what everything went through, or null
   */
  public static Failure of(
      IOException exception, CallObserver observer, String host, @Nullable HttpProxy proxy) {
    return Stream.concat(Stream.of(exception), Stream.of(exception.getSuppressed()))
        .map(one -> one(one, observer, host, proxy))
        .min(Comparator.comparingInt(one -> TELLING.indexOf(one.outcome)))
        .orElseThrow();
  }

  private static Failure one(
      Throwable exception, CallObserver observer, String host, @Nullable HttpProxy proxy) {
    if (isEndOnHttp2(exception, observer)) {
      IOException end = observer.connectionFailure();
      return end != null && Failures.isAlert(end)
          ? new Failure(AttemptOutcome.TLS_FAILED, Failures.tell(end, host, "the endpoint"))
          : new Failure(AttemptOutcome.BROKEN, Failures.reset("the endpoint"));
    }
    AttemptOutcome outcome = outcome(exception, observer);
    if (proxy == null || observer.stood() || outcome == AttemptOutcome.NOT_ALLOWED) {
      return new Failure(outcome, Failures.tell(exception, host, "the endpoint"));
    }
    return new Failure(
        BEFORE_ANY_CONNECTION.contains(outcome) ? AttemptOutcome.UNREACHABLE : outcome,
        "the proxy " + proxy + ": " + Failures.tell(exception, "it", "it"));
  }

  /**
   * However a connection of HTTP/2 ends before an answer, the log says the same, unless TLS has
   * told why: whether a stream sees that as a reset, as an end or as a failed write is for chance
   * to decide.
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
      return observer.stood() ? cutOff.outcome() : AttemptOutcome.UNREACHABLE;
    }
    if (Failures.isBeforeConnection(exception)) {
      return Failures.isRefusal(exception)
          ? AttemptOutcome.CONNECTION_REFUSED
          : AttemptOutcome.UNREACHABLE;
    }
    if (observer.stood()) {
      return Failures.isTls(exception) ? AttemptOutcome.TLS_FAILED : AttemptOutcome.BROKEN;
    }
    // What failed before anything was tried is the client's own: its settings, an interceptor.
    return observer.phase() == CallPhase.STARTING
        ? AttemptOutcome.INTERNAL
        : AttemptOutcome.UNREACHABLE;
  }
}
