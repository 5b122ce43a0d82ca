/** Deliveries and their attempts as values: what is kept of every event sent. */
@NullMarked
package cloud.klink.webhooks.sender.delivery;

import org.jspecify.annotations.NullMarked;
