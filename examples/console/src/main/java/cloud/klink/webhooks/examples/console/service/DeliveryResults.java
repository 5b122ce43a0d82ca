package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.delivery.DeliveryCursor;
import java.util.List;
import java.util.Optional;

/**
 * A page of the log.
 *
 * @param rows newest first
 * @param next where to go on; empty at the end
 */
public record DeliveryResults(List<DeliveryRow> rows, Optional<DeliveryCursor> next) {}
