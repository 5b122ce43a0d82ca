package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.moduletest.AbstractModuleTest;
import java.util.Set;

/** What this module shows to others and what it needs. */
class ModuleTest extends AbstractModuleTest {

  ModuleTest() {
    super(
        WebhookVerifier.class,
        new Expected(
            "cloud.klink.webhooks.verifier",
            Set.of(
                "cloud.klink.webhooks.verifier",
                "cloud.klink.webhooks.verifier.deduplication",
                "cloud.klink.webhooks.verifier.explain",
                "cloud.klink.webhooks.verifier.jdk",
                "cloud.klink.webhooks.verifier.metrics",
                "cloud.klink.webhooks.verifier.receive",
                "cloud.klink.webhooks.verifier.servlet",
                "cloud.klink.webhooks.verifier.spring",
                "cloud.klink.webhooks.verifier.testing",
                "cloud.klink.webhooks.verifier.websocket"),
            Set.of(),
            Set.of("cloud.klink.webhooks.verifier.spring"),
            Set.of(
                "java.base",
                "transitive cloud.klink.webhooks",
                "com.fasterxml.jackson.core",
                "com.fasterxml.jackson.databind",
                "org.slf4j",
                "static java.sql",
                "static jakarta.servlet",
                "static jdk.httpserver",
                "static micrometer.core",
                "static org.jspecify",
                "static spring.aop",
                "static spring.beans",
                "static spring.boot",
                "static spring.boot.autoconfigure",
                "static spring.boot.health",
                "static spring.boot.sql",
                "static spring.context",
                "static spring.core",
                "static spring.jdbc",
                "static spring.security.config",
                "static spring.security.web",
                "static spring.tx",
                "static tools.jackson.databind")));
  }
}
