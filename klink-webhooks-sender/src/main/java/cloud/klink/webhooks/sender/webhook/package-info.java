/** Webhooks, where events go, and managing them: creating, editing, pausing, deleting, secrets. */
@NullMarked
package cloud.klink.webhooks.sender.webhook;

import org.jspecify.annotations.NullMarked;
