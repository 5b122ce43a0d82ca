/** Says which single change would make the signature of a refused request match. */
@NullMarked
package cloud.klink.webhooks.verifier.explain;

import org.jspecify.annotations.NullMarked;
