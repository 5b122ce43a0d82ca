package cloud.klink.webhooks.examples.console.service;

import java.util.List;

/**
 * A page of webhooks.
 *
 * @param rows those of the page
 * @param page its number, from 1
 * @param pages how many pages there are, 1 at least
 * @param matching how many webhooks match
 * @param all how many the environment has
 */
public record WebhookPage(List<WebhookRow> rows, int page, int pages, int matching, int all) {}
