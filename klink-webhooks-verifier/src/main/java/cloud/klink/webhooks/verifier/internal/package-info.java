/** Helpers that several packages of this module share. Not exported. */
@NullMarked
package cloud.klink.webhooks.verifier.internal;

import org.jspecify.annotations.NullMarked;
