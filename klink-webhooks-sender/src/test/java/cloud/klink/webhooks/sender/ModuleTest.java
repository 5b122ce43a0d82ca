package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.moduletest.AbstractModuleTest;
import java.util.Set;

/** What this module shows to others and what it needs. */
class ModuleTest extends AbstractModuleTest {

  ModuleTest() {
    super(
        WebhookSender.class,
        new Expected(
            "cloud.klink.webhooks.sender",
            Set.of(
                "cloud.klink.webhooks.sender",
                "cloud.klink.webhooks.sender.delivery",
                "cloud.klink.webhooks.sender.health",
                "cloud.klink.webhooks.sender.listener",
                "cloud.klink.webhooks.sender.metrics",
                "cloud.klink.webhooks.sender.policy",
                "cloud.klink.webhooks.sender.reason",
                "cloud.klink.webhooks.sender.secret",
                "cloud.klink.webhooks.sender.spring",
                "cloud.klink.webhooks.sender.storage",
                "cloud.klink.webhooks.sender.storage.jdbc",
                "cloud.klink.webhooks.sender.storage.memory",
                "cloud.klink.webhooks.sender.transport",
                "cloud.klink.webhooks.sender.webhook"),
            Set.of(),
            Set.of("cloud.klink.webhooks.sender.spring"),
            Set.of(
                "java.base",
                "transitive cloud.klink.webhooks",
                "transitive java.sql",
                "transitive okhttp3",
                "com.fasterxml.jackson.annotation",
                "org.slf4j",
                "static micrometer.core",
                "static micrometer.observation",
                "static micrometer.tracing",
                "static org.jspecify",
                "static spring.beans",
                "static spring.boot",
                "static spring.boot.autoconfigure",
                "static spring.boot.health",
                "static spring.boot.sql",
                "static spring.context",
                "static spring.core",
                "static spring.jdbc",
                "static spring.tx")));
  }
}
