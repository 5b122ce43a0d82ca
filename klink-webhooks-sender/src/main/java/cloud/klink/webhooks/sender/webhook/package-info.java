/** Webhooks as values: where events go, which ones, and whether they do at the moment. */
@NullMarked
package cloud.klink.webhooks.sender.webhook;

import org.jspecify.annotations.NullMarked;
