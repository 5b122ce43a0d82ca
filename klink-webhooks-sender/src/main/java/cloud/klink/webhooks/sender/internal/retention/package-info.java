/** Removes what is old. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.retention;

import org.jspecify.annotations.NullMarked;
