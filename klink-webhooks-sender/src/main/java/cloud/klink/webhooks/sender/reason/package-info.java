/** The reasons that the exceptions of a sender carry. */
@NullMarked
package cloud.klink.webhooks.sender.reason;

import org.jspecify.annotations.NullMarked;
