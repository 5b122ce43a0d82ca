/** Distinguishes an outage of this node's network from failing endpoints. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.outage;

import org.jspecify.annotations.NullMarked;
