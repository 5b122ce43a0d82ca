package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The endpoints, each in a mood. */
final class Endpoints {
  private static final List<Integer> GOOD = List.of(200, 200, 201, 202, 204, 299);
  private static final List<Integer> BAD =
      List.of(199, 300, 301, 302, 307, 400, 401, 404, 410, 429, 500, 502, 503);
  private static final long MOMENT = 200_000;

  private final Map<String, Mood> moods = new HashMap<>();

  /** How an endpoint behaves. */
  enum Mood {
    GOOD,
    BAD,
    SLOW,
    SILENT,
    FLAKY
  }

  void set(String webhookId, Mood mood) {
    moods.put(webhookId, mood);
  }

  void heal() {
    moods.clear();
  }

  Wire.Answer answer(OutgoingRequest request, Chance chance) {
    long timeout = request.timeout().toNanos() / 1_000;
    return switch (moods.getOrDefault(request.webhookId(), Mood.GOOD)) {
      case GOOD -> answered(chance, chance.small(Math.min(MOMENT, timeout)), chance.oneOf(GOOD));
      case BAD -> answered(chance, chance.small(Math.min(MOMENT, timeout)), chance.oneOf(BAD));
      case SLOW -> answered(chance, chance.below(timeout), chance.oneOf(GOOD));
      case SILENT -> silent(chance, timeout, chance.permille(300));
      case FLAKY -> flaky(chance, timeout);
    };
  }

  private static Wire.Answer flaky(Chance chance, long timeout) {
    if (Wire.Answer.breaks(chance)) {
      return new Wire.Answer(-1, false, -1, 0, "");
    }
    return switch (chance.between(0, 6)) {
      case 0 -> new Wire.Answer(-1, false, chance.small(timeout), 0, "refused");
      case 1 -> new Wire.Answer(-1, false, chance.below(timeout), 0, "reset");
      case 2 -> silent(chance, timeout, true);
      case 3 -> lost(chance, chance.below(timeout));
      case 4 -> answered(chance, chance.below(timeout), chance.oneOf(BAD));
      default -> answered(chance, chance.below(timeout), chance.oneOf(GOOD));
    };
  }

  private static Wire.Answer answered(Chance chance, long after, int status) {
    return new Wire.Answer(chance.below(after + 1), status / 100 == 2, after, status, "");
  }

  /** It has accepted, but nobody hears of it. */
  private static Wire.Answer lost(Chance chance, long after) {
    return new Wire.Answer(chance.below(after + 1), true, after, 0, "answer lost");
  }

  private static Wire.Answer silent(Chance chance, long timeout, boolean accepts) {
    return new Wire.Answer(
        chance.below(2 * timeout), accepts, timeout + chance.small(50_000), 0, "timeout");
  }
}
