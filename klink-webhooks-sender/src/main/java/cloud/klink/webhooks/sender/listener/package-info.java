/** Listeners, which receive the events of a sender. */
@NullMarked
package cloud.klink.webhooks.sender.listener;

import org.jspecify.annotations.NullMarked;
