/**
 * What this node has claimed and not yet finished: a queue for each webhook, fairness between them,
 * limits, rates and memory. Not exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.internal.queue;

import org.jspecify.annotations.NullMarked;
