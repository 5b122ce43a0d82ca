/**
 * Says which single change would make the signature of a refused request match, or that none does:
 * an aid for the operators of an endpoint, never a check.
 */
@NullMarked
package cloud.klink.webhooks.verifier.explain;

import org.jspecify.annotations.NullMarked;
