/** Secrets at rest: how they are stored, and what encrypts them. */
@NullMarked
package cloud.klink.webhooks.sender.secret;

import org.jspecify.annotations.NullMarked;
