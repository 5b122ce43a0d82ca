/** WebSocket connections: a server, and a client that waits for each answer. */
@NullMarked
package cloud.klink.webhooks.examples.cli.websocket;

import org.jspecify.annotations.NullMarked;
