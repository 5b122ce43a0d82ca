/**
 * The way of a delivery through this node: claimed or handed off, queued, attempted, written. Not
 * exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.internal.dispatch;

import org.jspecify.annotations.NullMarked;
