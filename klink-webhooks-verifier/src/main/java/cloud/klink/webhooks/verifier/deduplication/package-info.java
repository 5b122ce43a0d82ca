/**
 * What remembers which events were processed, so that an event that is delivered twice is processed
 * once.
 */
@NullMarked
package cloud.klink.webhooks.verifier.deduplication;

import org.jspecify.annotations.NullMarked;
