package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.HeldCount;
import cloud.klink.webhooks.examples.console.service.PauseRisk;

/**
 * How near a webhook is to its automatic pause, and what waits for it.
 *
 * @param failures how many failures count towards the pause
 * @param failureLimit how many there may be; 0 if it is never paused by itself
 * @param warning 50, 70 or 90 percent of the limit; 0 below
 * @param waiting how many deliveries wait; they are held while it is paused
 * @param waitingIsMore whether there are more than were counted
 */
public record HealthJson(
    long failures, int failureLimit, int warning, int waiting, boolean waitingIsMore) {
  static HealthJson of(PauseRisk risk, HeldCount held) {
    return new HealthJson(risk.failures(), risk.limit(), risk.level(), held.count(), held.isMore());
  }
}
