/** Webhooks as resources: create, edit, pause, resume, delete, and their secrets. */
@NullMarked
package cloud.klink.webhooks.sender.manage;

import org.jspecify.annotations.NullMarked;
