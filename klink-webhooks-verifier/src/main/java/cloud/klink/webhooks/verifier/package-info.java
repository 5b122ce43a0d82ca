/**
 * Verifies webhooks on the receiver's side: the verifier, the request that came in, what was
 * verified, and why a request was refused.
 */
@NullMarked
package cloud.klink.webhooks.verifier;

import org.jspecify.annotations.NullMarked;
