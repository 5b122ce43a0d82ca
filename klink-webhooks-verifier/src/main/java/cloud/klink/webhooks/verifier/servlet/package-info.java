/** Receives webhooks in a Servlet container. */
@NullMarked
package cloud.klink.webhooks.verifier.servlet;

import org.jspecify.annotations.NullMarked;
