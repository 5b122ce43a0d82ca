/** Managing the webhooks of a storage: checks, versions, secrets. */
@NullMarked
package cloud.klink.webhooks.sender.internal.manage;

import org.jspecify.annotations.NullMarked;
