/** What Spring is told: the sender, security, languages and times. */
@NullMarked
package cloud.klink.webhooks.examples.console.setup;

import org.jspecify.annotations.NullMarked;
