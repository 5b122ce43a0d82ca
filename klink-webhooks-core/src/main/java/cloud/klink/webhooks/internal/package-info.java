/**
 * Small helpers of the packages above. Not exported: nothing here is meant for users, and anything
 * may change in any release.
 */
@NullMarked
package cloud.klink.webhooks.internal;

import org.jspecify.annotations.NullMarked;
