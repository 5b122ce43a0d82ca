/** Makes one attempt: signs, sends, and sees that it ends. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.attempt;

import org.jspecify.annotations.NullMarked;
