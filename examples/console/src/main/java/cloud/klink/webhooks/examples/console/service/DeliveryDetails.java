package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.SentRequest;
import java.util.List;
import java.util.Optional;

/**
 * Everything about a delivery.
 *
 * @param row the delivery
 * @param attempts its attempts, the first one first
 * @param request what the newest attempt sent, without secrets; empty if there was none, or its
 *     event was removed
 * @param others the newest other deliveries of the same event
 */
public record DeliveryDetails(
    DeliveryRow row,
    List<Attempt> attempts,
    Optional<SentRequest> request,
    List<DeliveryRow> others) {
  /** How many other deliveries are told at most. */
  public static final int MAX_OTHERS = 50;
}
