/** The signing secret, the signature, and the signing of a canonical request. */
@NullMarked
package cloud.klink.webhooks.signature;

import org.jspecify.annotations.NullMarked;
