package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * A hostile endpoint, and what the log must say of an attempt to it.
 *
 * @param name for people
 * @param url where it is
 * @param timeout how long an attempt may take
 * @param outcome what must come of it
 * @param status the status; 0 for none
 * @param error how the error must begin; empty if there must be none
 */
record HostileCase(
    String name, String url, Duration timeout, AttemptOutcome outcome, int status, String error) {
  /** What a stalled machine may take beside the attempt itself. */
  private static final Duration SLACK = Duration.ofSeconds(20);

  void check(Attempt attempt) {
    AttemptResult result = attempt.result();
    String what = name + ": " + result;
    assertThat(result.outcome()).as(what).isEqualTo(outcome);
    assertThat(result.status())
        .as(what)
        .isEqualTo(status == 0 ? OptionalInt.empty() : OptionalInt.of(status));
    if (error.isEmpty()) {
      assertThat(result.error()).as(what).isEmpty();
    } else {
      assertThat(result.error()).as(what).startsWith(error);
    }
    assertThat(result.response().length())
        .as(what)
        .isLessThanOrEqualTo(AttemptResult.MAX_RESPONSE_BYTES);
    assertThat(attempt.duration()).as(what).isLessThan(timeout.plus(SLACK));
  }
}
