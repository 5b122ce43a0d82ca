package cloud.klink.webhooks.sender.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Import;

/** Adds the sender to the health endpoint, if the application has one. */
@AutoConfiguration(after = WebhookSenderAutoConfiguration.class)
@ConditionalOnProperty(SenderProperties.PREFIX + ".enabled")
@ConditionalOnProperty(name = "management.health.klinkwebhooksender.enabled", matchIfMissing = true)
@Import({SpringBoot4Health.class, SpringBoot3Health.class})
class WebhookSenderHealthAutoConfiguration {}
