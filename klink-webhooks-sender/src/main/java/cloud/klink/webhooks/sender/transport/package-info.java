/** The SPI by which deliveries reach their endpoints. */
@NullMarked
package cloud.klink.webhooks.sender.transport;

import org.jspecify.annotations.NullMarked;
