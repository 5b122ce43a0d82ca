/** Removes old deliveries and events. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.retention;

import org.jspecify.annotations.NullMarked;
