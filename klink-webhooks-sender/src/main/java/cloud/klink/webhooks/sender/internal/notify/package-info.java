/**
 * Reports the sender's events and health: listeners, log lines, and health checks. Not exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.internal.notify;

import org.jspecify.annotations.NullMarked;
