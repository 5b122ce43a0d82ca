/** Webhooks as resources: creating, editing, pausing and deleting them, and their secrets. */
@NullMarked
package cloud.klink.webhooks.sender.manage;

import org.jspecify.annotations.NullMarked;
