/** Loads, checks and caches the webhooks for sending, with their secrets. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.prepare;

import org.jspecify.annotations.NullMarked;
