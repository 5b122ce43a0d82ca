/** Sample events for the examples. */
@NullMarked
package cloud.klink.webhooks.examples.samples;

import org.jspecify.annotations.NullMarked;
