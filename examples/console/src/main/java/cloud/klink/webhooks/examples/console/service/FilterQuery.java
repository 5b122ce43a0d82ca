package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;

/**
 * What the log is searched for; what it cannot be searched for is left to {@link #isSifted} and
 * {@link #matches}.
 */
final class FilterQuery {
  private FilterQuery() {}

  static DeliveryQuery.Builder of(DeliveryFilter filter) {
    return DeliveryQuery.builder()
        .environment(filter.environment())
        .webhook(filter.webhookId().orElse(null))
        .eventName(filter.eventName().map(EventName::new).orElse(null))
        .statusClass(filter.answer().orElse(null))
        .lastFailed(filter.isFailure())
        .held(filter.status().filter(DeliveryStatus.HELD::equals).isPresent())
        .minAttempts(filter.isRetried() ? 2 : 0)
        .anyId(filter.id().orElse(null))
        .state(filter.status().map(DeliveryStatus::state).orElse(null))
        .from(filter.from().orElse(null))
        .to(filter.to().orElse(null))
        .after(filter.after().orElse(null));
  }

  /** Whether there is a condition that the log cannot be searched for. */
  static boolean isSifted(DeliveryFilter filter) {
    return filter.status().filter(DeliveryStatus.WAITING::equals).isPresent();
  }

  /** Whether a delivery that was found meets such conditions. */
  static boolean matches(DeliveryFilter filter, DeliveryRow row) {
    return filter.status().map(row.status()::equals).orElse(true);
  }
}
