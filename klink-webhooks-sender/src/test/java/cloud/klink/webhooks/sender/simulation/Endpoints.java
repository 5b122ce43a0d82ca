package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The endpoints, each in a mood. */
final class Endpoints {
  private static final List<Integer> GOOD = List.of(200, 200, 201, 202, 204, 299);
  private static final List<Integer> BAD =
      List.of(199, 300, 301, 302, 307, 400, 401, 404, 410, 429, 500, 502, 503);
  private static final List<Duration> LATER = List.of(
      Duration.ZERO,
      Duration.ofSeconds(1),
      Duration.ofSeconds(30),
      Duration.ofSeconds(100),
      Duration.ofDays(400));
  private static final long MOMENT = 200_000;

  private final Map<String, Mood> moods = new HashMap<>();

  /** How an endpoint behaves. */
  enum Mood {
    GOOD,
    BAD,
    BUSY,
    GONE,
    SLOW,
    SILENT,
    DEAD,
    FLAKY
  }

  void set(String webhookId, Mood mood) {
    moods.put(webhookId, mood);
  }

  void heal() {
    moods.clear();
  }

  /**
   * What comes of a request.
   *
   * @param cutOff whether the node reaches nobody
   */
  Wire.Answer answer(OutgoingRequest request, boolean cutOff, Chance chance) {
    long timeout = request.timeout().toNanos() / 1_000;
    long soon = Math.min(MOMENT, timeout);
    if (cutOff) {
      return unreachable(chance, timeout);
    }
    return switch (moods.getOrDefault(request.webhookId(), Mood.GOOD)) {
      case GOOD -> answered(chance, chance.small(soon), chance.oneOf(GOOD));
      case BAD -> answered(chance, chance.small(soon), chance.oneOf(BAD));
      case BUSY -> busy(chance, chance.small(soon));
      case GONE -> answered(chance, chance.small(soon), chance.oneOf(List.of(500, 410)));
      case SLOW -> answered(chance, chance.below(timeout), chance.oneOf(GOOD));
      case SILENT -> silent(chance, timeout, chance.permille(300));
      case DEAD -> unreachable(chance, timeout);
      case FLAKY -> flaky(chance, timeout);
    };
  }

  private static Wire.Answer flaky(Chance chance, long timeout) {
    if (Wire.Answer.breaks(chance)) {
      return new Wire.Answer(-1, false, -1, failed(AttemptOutcome.INTERNAL));
    }
    return switch (chance.between(0, 8)) {
      case 0 ->
        new Wire.Answer(
            -1, false, chance.small(timeout), failed(AttemptOutcome.CONNECTION_REFUSED));
      case 1 -> new Wire.Answer(-1, false, chance.below(timeout), failed(AttemptOutcome.BROKEN));
      case 2 -> silent(chance, timeout, true);
      case 3 -> lost(chance, chance.below(timeout));
      case 4 -> answered(chance, chance.below(timeout), chance.oneOf(BAD));
      case 5 -> unreachable(chance, timeout);
      case 6 ->
        new Wire.Answer(-1, false, chance.below(timeout), failed(AttemptOutcome.TLS_FAILED));
      default -> answered(chance, chance.below(timeout), chance.oneOf(GOOD));
    };
  }

  private static AttemptResult failed(AttemptOutcome outcome) {
    return AttemptResult.failed(outcome, outcome.id());
  }

  private static Wire.Answer answered(Chance chance, long after, int status) {
    return new Wire.Answer(
        chance.below(after + 1),
        status / 100 == 2,
        after,
        AttemptResult.answered(status, new byte[] {'o', 'k'}));
  }

  private static Wire.Answer busy(Chance chance, long after) {
    Wire.Answer answer = answered(chance, after, chance.oneOf(List.of(429, 503)));
    Duration later = chance.oneOf(LATER);
    return new Wire.Answer(
        answer.processedAfter(), false, after, answer.result().withRetryAfter(later));
  }

  /** Either the name is not known, or nobody takes the connection. */
  private static Wire.Answer unreachable(Chance chance, long timeout) {
    long after = chance.permille(500) ? chance.small(Math.min(MOMENT, timeout)) : timeout;
    return new Wire.Answer(-1, false, after, failed(AttemptOutcome.UNREACHABLE));
  }

  /** It has accepted, but nobody hears of it. */
  private static Wire.Answer lost(Chance chance, long after) {
    return new Wire.Answer(chance.below(after + 1), true, after, failed(AttemptOutcome.BROKEN));
  }

  private static Wire.Answer silent(Chance chance, long timeout, boolean accepts) {
    return new Wire.Answer(
        chance.below(2 * timeout),
        accepts,
        timeout + chance.small(50_000),
        failed(AttemptOutcome.TIMED_OUT));
  }
}
