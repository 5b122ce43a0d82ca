/** Makes an attempt: signs it, sends it, and ensures that it ends. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.attempt;

import org.jspecify.annotations.NullMarked;
