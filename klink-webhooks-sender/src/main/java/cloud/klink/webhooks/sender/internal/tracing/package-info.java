/** Ties attempts to the traces of those who publish. */
@NullMarked
package cloud.klink.webhooks.sender.internal.tracing;

import org.jspecify.annotations.NullMarked;
