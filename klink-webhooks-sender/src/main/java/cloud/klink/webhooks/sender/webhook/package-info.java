/** Webhooks, and how to manage them: create, edit, pause, resume, delete, and their secrets. */
@NullMarked
package cloud.klink.webhooks.sender.webhook;

import org.jspecify.annotations.NullMarked;
