/** Identifies, claims and marks events for de-duplication. Not exported. */
@NullMarked
package cloud.klink.webhooks.verifier.claim;

import org.jspecify.annotations.NullMarked;
