/** Sends again what a filter shows, in the background. */
@NullMarked
package cloud.klink.webhooks.examples.console.redelivery;

import org.jspecify.annotations.NullMarked;
