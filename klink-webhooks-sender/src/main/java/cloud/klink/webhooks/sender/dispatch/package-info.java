/** Claims what is due, sends it, and writes down what came of it. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.dispatch;

import org.jspecify.annotations.NullMarked;
