/**
 * Applies policies: retry decisions, and whether failures pause a webhook. Pure functions. Not
 * exported.
 */
@NullMarked
package cloud.klink.webhooks.sender.internal.rules;

import org.jspecify.annotations.NullMarked;
