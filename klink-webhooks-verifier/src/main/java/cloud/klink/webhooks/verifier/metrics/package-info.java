/** Micrometer meters of a receiver. */
@NullMarked
package cloud.klink.webhooks.verifier.metrics;

import org.jspecify.annotations.NullMarked;
