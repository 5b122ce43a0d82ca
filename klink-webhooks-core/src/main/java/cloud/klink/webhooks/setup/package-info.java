/**
 * What the Spring support of sender and verifier shares: it is exported to these two modules alone,
 * is not meant for users, and may change in any release.
 */
@NullMarked
package cloud.klink.webhooks.setup;

import org.jspecify.annotations.NullMarked;
