/** What a sender finds out about its node and its storage, and what follows from it. */
@NullMarked
package cloud.klink.webhooks.sender.internal.health;

import org.jspecify.annotations.NullMarked;
