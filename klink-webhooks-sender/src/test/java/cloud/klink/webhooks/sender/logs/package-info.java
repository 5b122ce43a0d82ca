/** Catches what is logged, for tests. */
@NullMarked
package cloud.klink.webhooks.sender.logs;

import org.jspecify.annotations.NullMarked;
