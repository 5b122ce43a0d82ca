/**
 * Applies policies: what follows an attempt, and whether failures pause a webhook. Pure. Not
 * exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.internal.rules;

import org.jspecify.annotations.NullMarked;
