/** Receives webhooks with the HTTP server that comes with the JDK. */
@NullMarked
package cloud.klink.webhooks.verifier.jdk;

import org.jspecify.annotations.NullMarked;
