/** An endpoint to try webhooks with, and events to send to it. */
@NullMarked
package cloud.klink.webhooks.examples.console.demo;

import org.jspecify.annotations.NullMarked;
