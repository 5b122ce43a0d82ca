/** A storage in the memory of one process. */
@NullMarked
package cloud.klink.webhooks.sender.storage.memory;

import org.jspecify.annotations.NullMarked;
