/** What a receiver does with a verified event: handlers, and acknowledging before processing. */
@NullMarked
package cloud.klink.webhooks.verifier.receive;

import org.jspecify.annotations.NullMarked;
