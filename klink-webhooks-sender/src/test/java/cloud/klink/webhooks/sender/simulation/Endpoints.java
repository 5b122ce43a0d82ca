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
  private static final List<Integer> REFUSALS = List.of(200, 301, 401, 404, 500, 503);
  private static final long MOMENT = 200_000;

  private final Map<String, Mood> moods = new HashMap<>();

  /** When the mood of each changed last. */
  private final Map<String, Long> since = new HashMap<>();

  private long healedAt = -1;

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

  void set(String webhookId, Mood mood, long now) {
    moods.put(webhookId, mood);
    since.put(webhookId, now);
  }

  void heal(long now) {
    moods.clear();
    healedAt = now;
  }

  /** Whether an endpoint has been well all the time. */
  boolean isGoodSince(String webhookId, long time) {
    return moods.getOrDefault(webhookId, Mood.GOOD) == Mood.GOOD
        && (!since.containsKey(webhookId) || Math.max(healedAt, since.get(webhookId)) <= time);
  }

  /**
   * What comes of a request.
   *
   * @param cutOff whether the node reaches nobody
   */
  HttpModel.Answer answer(OutgoingRequest request, boolean cutOff, RandomSource random) {
    long timeout = request.timeout().toNanos() / 1_000;
    long soon = Math.min(MOMENT, timeout);
    if (cutOff) {
      return unreachable(random, timeout);
    }
    return switch (moods.getOrDefault(request.webhookId(), Mood.GOOD)) {
      case GOOD -> answered(random, random.small(soon), random.oneOf(GOOD));
      case BAD -> answered(random, random.small(soon), random.oneOf(BAD));
      case BUSY -> busy(random, random.small(soon));
      case GONE -> answered(random, random.small(soon), random.oneOf(List.of(500, 410)));
      case SLOW -> answered(random, random.below(timeout), random.oneOf(GOOD));
      case SILENT -> silent(random, timeout, random.permille(300));
      case DEAD -> unreachable(random, timeout);
      case FLAKY -> flaky(random, timeout);
    };
  }

  /** What an endpoint does when a WebSocket is to be opened. */
  record Greeting(Kind kind, long after, int status) {
    /** What comes of it. */
    enum Kind {
      OPENS,
      REFUSES,
      REJECTS,
      NEVER,
      UNREACHABLE,
      BUG
    }
  }

  Greeting greeting(String webhookId, boolean cutOff, RandomSource random) {
    long soon = random.small(MOMENT);
    if (cutOff) {
      return new Greeting(Greeting.Kind.UNREACHABLE, soon, 0);
    }
    return switch (moods.getOrDefault(webhookId, Mood.GOOD)) {
      case DEAD -> new Greeting(Greeting.Kind.UNREACHABLE, soon, 0);
      case GOOD, BUSY -> new Greeting(Greeting.Kind.OPENS, soon, 0);
      case BAD, GONE ->
        random.permille(500)
            ? new Greeting(Greeting.Kind.OPENS, soon, 0)
            : new Greeting(Greeting.Kind.REJECTS, soon, random.oneOf(REFUSALS));
      case SLOW -> new Greeting(Greeting.Kind.OPENS, random.below(12_000_000), 0);
      case SILENT ->
        random.permille(300)
            ? new Greeting(Greeting.Kind.OPENS, soon, 0)
            : new Greeting(Greeting.Kind.NEVER, 0, 0);
      case FLAKY -> flakyGreeting(random);
    };
  }

  private static Greeting flakyGreeting(RandomSource random) {
    long later = random.small(10_000_000);
    if (random.permille(10)) {
      return new Greeting(Greeting.Kind.BUG, 0, 0);
    }
    return switch (random.between(0, 5)) {
      case 0 -> new Greeting(Greeting.Kind.REFUSES, later, 0);
      case 1 -> new Greeting(Greeting.Kind.REJECTS, later, random.oneOf(REFUSALS));
      case 2 -> new Greeting(Greeting.Kind.NEVER, 0, 0);
      default -> new Greeting(Greeting.Kind.OPENS, later, 0);
    };
  }

  /** How long an endpoint leaves a WebSocket open; -1 for ever. */
  long socketLifetime(String webhookId, RandomSource random, long longest) {
    Mood mood = moods.getOrDefault(webhookId, Mood.GOOD);
    return random.permille(mood == Mood.FLAKY ? 700 : 300) ? random.small(longest) : -1;
  }

  /** Whether an endpoint takes longer for a message than anybody waits. */
  boolean isTooSlow(String webhookId, RandomSource random) {
    Mood mood = moods.getOrDefault(webhookId, Mood.GOOD);
    return (mood == Mood.SLOW || mood == Mood.FLAKY) && random.permille(150);
  }

  /** Whether an endpoint answers what it was not asked. */
  boolean isConfused(String webhookId, RandomSource random) {
    return switch (moods.getOrDefault(webhookId, Mood.GOOD)) {
      case SILENT, BUSY, GONE, DEAD -> false;
      case GOOD -> random.permille(30);
      case BAD, SLOW -> random.permille(100);
      case FLAKY -> random.permille(300);
    };
  }

  private static HttpModel.Answer flaky(RandomSource random, long timeout) {
    if (HttpModel.Answer.breaks(random)) {
      return new HttpModel.Answer(-1, false, -1, failed(AttemptOutcome.INTERNAL));
    }
    return switch (random.between(0, 8)) {
      case 0 ->
        new HttpModel.Answer(
            -1, false, random.small(timeout), failed(AttemptOutcome.CONNECTION_REFUSED));
      case 1 ->
        new HttpModel.Answer(-1, false, random.below(timeout), failed(AttemptOutcome.BROKEN));
      case 2 -> silent(random, timeout, true);
      case 3 -> lost(random, random.below(timeout));
      case 4 -> answered(random, random.below(timeout), random.oneOf(BAD));
      case 5 -> unreachable(random, timeout);
      case 6 ->
        new HttpModel.Answer(-1, false, random.below(timeout), failed(AttemptOutcome.TLS_FAILED));
      default -> answered(random, random.below(timeout), random.oneOf(GOOD));
    };
  }

  private static AttemptResult failed(AttemptOutcome outcome) {
    return AttemptResult.failed(outcome, outcome.id());
  }

  private static HttpModel.Answer answered(RandomSource random, long after, int status) {
    return new HttpModel.Answer(
        random.below(after + 1),
        status / 100 == 2,
        after,
        AttemptResult.answered(status, new byte[] {'o', 'k'}));
  }

  private static HttpModel.Answer busy(RandomSource random, long after) {
    HttpModel.Answer answer = answered(random, after, random.oneOf(List.of(429, 503)));
    Duration later = random.oneOf(LATER);
    return new HttpModel.Answer(
        answer.processedAfter(), false, after, answer.result().withRetryAfter(later));
  }

  /** Either the name is not known, or nobody takes the connection. */
  private static HttpModel.Answer unreachable(RandomSource random, long timeout) {
    long after = random.permille(500) ? random.small(Math.min(MOMENT, timeout)) : timeout;
    return new HttpModel.Answer(-1, false, after, failed(AttemptOutcome.UNREACHABLE));
  }

  /** It has accepted, but nobody hears of it. */
  private static HttpModel.Answer lost(RandomSource random, long after) {
    return new HttpModel.Answer(
        random.below(after + 1), true, after, failed(AttemptOutcome.BROKEN));
  }

  private static HttpModel.Answer silent(RandomSource random, long timeout, boolean accepts) {
    return new HttpModel.Answer(
        random.below(2 * timeout),
        accepts,
        timeout + random.small(50_000),
        failed(AttemptOutcome.TIMED_OUT));
  }
}
