/**
 * The event that a webhook carries: its envelope, its name, the catalogue of names in groups, its
 * environment and its WebSocket message.
 */
@NullMarked
package cloud.klink.webhooks.event;

import org.jspecify.annotations.NullMarked;
