package cloud.klink.webhooks.examples.console.service;

import java.util.List;
import java.util.Optional;

/**
 * Some webhooks of a list.
 *
 * @param rows those of the page
 * @param next the id that the next page begins after; empty at the end
 * @param matching how many webhooks match
 * @param all how many the environment has
 */
public record WebhookSlice(List<WebhookRow> rows, Optional<String> next, int matching, int all) {}
