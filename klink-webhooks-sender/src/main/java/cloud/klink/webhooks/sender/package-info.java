/** Signs and sends webhooks. */
@NullMarked
package cloud.klink.webhooks.sender;

import org.jspecify.annotations.NullMarked;
