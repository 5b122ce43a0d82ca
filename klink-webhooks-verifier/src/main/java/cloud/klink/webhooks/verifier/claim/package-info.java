/** How an event is known, claimed and kept while it is processed. Not exported. */
@NullMarked
package cloud.klink.webhooks.verifier.claim;

import org.jspecify.annotations.NullMarked;
