/** Reads the delivery log. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.log;

import org.jspecify.annotations.NullMarked;
