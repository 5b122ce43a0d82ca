/** Tells an outage of this node from endpoints that fail. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.outage;

import org.jspecify.annotations.NullMarked;
