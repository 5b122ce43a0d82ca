/**
 * What a sender and a receiver of K-LINK webhooks share: the root of every exception that this
 * library throws, and the reason that each of them carries.
 */
@NullMarked
package cloud.klink.webhooks;

import org.jspecify.annotations.NullMarked;
