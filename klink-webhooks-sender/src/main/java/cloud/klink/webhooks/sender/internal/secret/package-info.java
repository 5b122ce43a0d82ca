/** Encodes and encrypts the stored secrets of webhooks. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.secret;

import org.jspecify.annotations.NullMarked;
