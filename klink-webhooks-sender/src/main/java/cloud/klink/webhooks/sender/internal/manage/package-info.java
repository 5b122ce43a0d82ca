/** Manages the webhooks of a storage: validation, versions, secrets. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.manage;

import org.jspecify.annotations.NullMarked;
