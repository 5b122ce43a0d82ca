/** How a delivery reaches its endpoint. */
@NullMarked
package cloud.klink.webhooks.sender.transport;

import org.jspecify.annotations.NullMarked;
