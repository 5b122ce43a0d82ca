package cloud.klink.webhooks.examples.console.service;

import java.util.List;
import java.util.Optional;

/**
 * A page of the log.
 *
 * @param rows newest first
 * @param next where to go on; empty at the end
 */
public record DeliveryResults(List<DeliveryRow> rows, Optional<String> next) {}
