/** How the secrets of webhooks are stored. */
@NullMarked
package cloud.klink.webhooks.sender.internal.secret;

import org.jspecify.annotations.NullMarked;
