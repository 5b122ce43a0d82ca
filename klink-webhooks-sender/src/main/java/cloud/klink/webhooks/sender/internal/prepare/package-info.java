/**
 * Webhooks made ready for sending: loaded, checked, with their secrets read, and kept for many
 * deliveries. Not exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.internal.prepare;

import org.jspecify.annotations.NullMarked;
