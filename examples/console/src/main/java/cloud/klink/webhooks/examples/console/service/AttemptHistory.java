package cloud.klink.webhooks.examples.console.service;

import java.util.List;
import java.util.Map;

/**
 * What became of the attempts of a webhook, or of an environment.
 *
 * @param range how far it goes back
 * @param buckets one for each part of the range, the oldest first
 * @param total all of them
 * @param byEvent all of them by the names of their events
 */
public record AttemptHistory(
    ChartRange range,
    List<AttemptSum> buckets,
    AttemptSum total,
    Map<String, AttemptSum> byEvent) {}
