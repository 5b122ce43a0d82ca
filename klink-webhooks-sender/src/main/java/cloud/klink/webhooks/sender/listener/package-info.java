/** For those who want to know what the sender does. */
@NullMarked
package cloud.klink.webhooks.sender.listener;

import org.jspecify.annotations.NullMarked;
