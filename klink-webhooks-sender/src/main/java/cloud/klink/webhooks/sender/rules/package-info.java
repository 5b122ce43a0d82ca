/** The rules, as pure functions: when to try again, when to pause. No clock, no I/O. */
@NullMarked
package cloud.klink.webhooks.sender.rules;

import org.jspecify.annotations.NullMarked;
