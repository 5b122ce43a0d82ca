/** Meters of a receiver, for those who have Micrometer. */
@NullMarked
package cloud.klink.webhooks.verifier.metrics;

import org.jspecify.annotations.NullMarked;
