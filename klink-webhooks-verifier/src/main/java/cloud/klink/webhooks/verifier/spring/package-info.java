/**
 * Configures a receiver in an application of Spring Boot 3.5 or 4, from properties that begin with
 * {@code klink.webhooks.receiver}. See SPRING.md in this module's folder.
 */
@NullMarked
package cloud.klink.webhooks.verifier.spring;

import org.jspecify.annotations.NullMarked;
