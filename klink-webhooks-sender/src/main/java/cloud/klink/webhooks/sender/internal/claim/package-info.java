/** Takes leases on what is due, and gives back those that are not used. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.claim;

import org.jspecify.annotations.NullMarked;
