/** Deliveries and their attempts, what is kept of every event sent, and the log of them. */
@NullMarked
package cloud.klink.webhooks.sender.delivery;

import org.jspecify.annotations.NullMarked;
