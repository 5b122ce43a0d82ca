/**
 * Configures a sender in an application of Spring Boot 3.5 or 4, if
 * {@code klink.webhooks.sender.enabled} is true. Inject a
 * {@link cloud.klink.webhooks.sender.spring.WebhookPublisher} to publish. See SPRING.md in this
 * module's folder.
 */
@NullMarked
package cloud.klink.webhooks.sender.spring;

import org.jspecify.annotations.NullMarked;
