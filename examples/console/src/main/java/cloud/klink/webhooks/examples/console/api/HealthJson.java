package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.HeldCount;
import cloud.klink.webhooks.examples.console.service.PauseRisk;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How near a webhook is to its automatic pause, and what waits for it.
 *
 * @param failures how many failures count towards the pause
 * @param failureLimit how many there may be; 0 if it is never paused by itself
 * @param warning 50, 70 or 90 percent of the limit; 0 below
 * @param waiting how many deliveries wait; they are held while it is paused
 * @param waitingIsMore whether there are more than were counted
 * @param failuresBeforePause the parameters of the log that find what failed before it was paused;
 *     null while it is active
 */
public record HealthJson(
    long failures,
    int failureLimit,
    int warning,
    int waiting,
    boolean waitingIsMore,
    @Nullable Map<String, String> failuresBeforePause) {
  static HealthJson of(
      PauseRisk risk, HeldCount held, @Nullable Map<String, String> failuresBeforePause) {
    return new HealthJson(
        risk.failures(),
        risk.limit(),
        risk.level(),
        held.count(),
        held.isMore(),
        failuresBeforePause);
  }
}
