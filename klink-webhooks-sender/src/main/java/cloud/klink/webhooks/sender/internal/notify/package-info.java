/** Tells listeners, the log and those who ask how the sender is doing. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.notify;

import org.jspecify.annotations.NullMarked;
