/** The log of deliveries: what was sent, when, and what came of it. */
@NullMarked
package cloud.klink.webhooks.sender.log;

import org.jspecify.annotations.NullMarked;
