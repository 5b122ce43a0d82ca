/**
 * The deliveries that this node has claimed: a queue for each webhook, fairness, limits, rates and
 * memory. Not exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.internal.queue;

import org.jspecify.annotations.NullMarked;
