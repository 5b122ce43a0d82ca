/** The transport that sends attempts as HTTP requests. */
@NullMarked
package cloud.klink.webhooks.sender.transport.http;

import org.jspecify.annotations.NullMarked;
