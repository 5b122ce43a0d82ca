/**
 * Moves deliveries through this node: claimed or handed off, queued, attempted, recorded. Not
 * exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.internal.dispatch;

import org.jspecify.annotations.NullMarked;
