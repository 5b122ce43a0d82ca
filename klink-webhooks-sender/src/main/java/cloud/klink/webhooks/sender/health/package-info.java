/** How a sender is doing, as values. */
@NullMarked
package cloud.klink.webhooks.sender.health;

import org.jspecify.annotations.NullMarked;
