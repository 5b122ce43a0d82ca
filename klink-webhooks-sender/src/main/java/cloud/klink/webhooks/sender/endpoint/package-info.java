/** Which endpoints may be connected to. */
@NullMarked
package cloud.klink.webhooks.sender.endpoint;

import org.jspecify.annotations.NullMarked;
