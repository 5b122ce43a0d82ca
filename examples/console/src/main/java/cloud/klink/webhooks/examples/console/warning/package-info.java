/** Tells people outside the page that a webhook is about to be paused. */
@NullMarked
package cloud.klink.webhooks.examples.console.warning;

import org.jspecify.annotations.NullMarked;
