/**
 * What a receiver does with a verified event: handlers, acknowledging before processing, and
 * leaving out events that came twice.
 */
@NullMarked
package cloud.klink.webhooks.verifier.receive;

import org.jspecify.annotations.NullMarked;
