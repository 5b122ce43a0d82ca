package cloud.klink.webhooks.sender.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Import;

/** A contribution to the health endpoint, if there is one. */
@AutoConfiguration(after = WebhookSenderAutoConfiguration.class)
@ConditionalOnProperty(SenderProperties.PREFIX + ".enabled")
@ConditionalOnProperty(name = "management.health.klinkwebhooksender.enabled", matchIfMissing = true)
@Import({SpringBoot4Health.class, SpringBoot3Health.class})
class WebhookSenderHealthAutoConfiguration {}
