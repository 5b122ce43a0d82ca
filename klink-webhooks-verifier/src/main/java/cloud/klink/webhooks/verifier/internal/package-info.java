/** What several packages of this module use and no user sees. */
@NullMarked
package cloud.klink.webhooks.verifier.internal;

import org.jspecify.annotations.NullMarked;
