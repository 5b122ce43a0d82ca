/** A sender and a receiver in one process. */
@NullMarked
package cloud.klink.webhooks.examples.quickstart;

import org.jspecify.annotations.NullMarked;
