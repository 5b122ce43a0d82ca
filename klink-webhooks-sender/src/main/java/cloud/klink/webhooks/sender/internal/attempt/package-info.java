/** Makes one attempt: signs, sends, and ensures that it ends. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.attempt;

import org.jspecify.annotations.NullMarked;
