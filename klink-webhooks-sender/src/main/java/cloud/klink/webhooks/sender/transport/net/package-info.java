/**
 * The network layer of both transports: sockets with checks and limits, look-ups, and the
 * explanation of failures. Not exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.transport.net;

import org.jspecify.annotations.NullMarked;
