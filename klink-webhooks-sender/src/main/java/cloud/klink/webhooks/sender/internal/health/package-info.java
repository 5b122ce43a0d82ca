/** The health of a node and its storage, as values and rules. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.health;

import org.jspecify.annotations.NullMarked;
