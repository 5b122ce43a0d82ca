/** The delivery log of a storage. */
@NullMarked
package cloud.klink.webhooks.sender.internal.log;

import org.jspecify.annotations.NullMarked;
