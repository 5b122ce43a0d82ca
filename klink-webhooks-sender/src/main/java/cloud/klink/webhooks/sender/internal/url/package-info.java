/** The rules for URLs of endpoints, whatever the policy. Not exported. */
@NullMarked
package cloud.klink.webhooks.sender.internal.url;

import org.jspecify.annotations.NullMarked;
