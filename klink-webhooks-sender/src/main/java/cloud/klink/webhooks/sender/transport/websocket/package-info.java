/** The transport that sends attempts as messages on WebSockets that are kept open. */
@NullMarked
package cloud.klink.webhooks.sender.transport.websocket;

import org.jspecify.annotations.NullMarked;
