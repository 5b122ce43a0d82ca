/** Tells listeners, the log and those who ask how the sender is doing. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.watch;

import org.jspecify.annotations.NullMarked;
