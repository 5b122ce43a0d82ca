/**
 * Writes the outcomes of attempts, pauses webhooks that fail too often, and reports both. Not
 * exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.internal.outcome;

import org.jspecify.annotations.NullMarked;
