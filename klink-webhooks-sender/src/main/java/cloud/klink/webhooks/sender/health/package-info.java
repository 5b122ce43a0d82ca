/** The health of a sender. */
@NullMarked
package cloud.klink.webhooks.sender.health;

import org.jspecify.annotations.NullMarked;
