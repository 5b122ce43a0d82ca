/** Receives webhooks that arrive as WebSocket messages. */
@NullMarked
package cloud.klink.webhooks.verifier.websocket;

import org.jspecify.annotations.NullMarked;
