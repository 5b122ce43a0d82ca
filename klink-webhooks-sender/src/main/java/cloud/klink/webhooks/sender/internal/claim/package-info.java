/** Takes leases on due deliveries, and releases those that are not used. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.claim;

import org.jspecify.annotations.NullMarked;
