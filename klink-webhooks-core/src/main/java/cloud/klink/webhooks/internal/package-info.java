/**
 * Small helpers of the packages above, and of the modules verifier and sender, to which alone they
 * are exported: nothing here is meant for users, and anything may change in any release.
 */
@NullMarked
package cloud.klink.webhooks.internal;

import org.jspecify.annotations.NullMarked;
