/**
 * What both transports stand on: guarded sockets, look-ups, limits, and what failures mean. Not
 * exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.transport.net;

import org.jspecify.annotations.NullMarked;
