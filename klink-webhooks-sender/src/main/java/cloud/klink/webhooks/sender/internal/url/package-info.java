/** The URLs that can be endpoints, whatever the policy. */
@NullMarked
package cloud.klink.webhooks.sender.internal.url;

import org.jspecify.annotations.NullMarked;
