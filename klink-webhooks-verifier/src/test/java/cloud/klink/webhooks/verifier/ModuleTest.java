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
                "cloud.klink.webhooks.verifier.explain",
                "cloud.klink.webhooks.verifier.jdk",
                "cloud.klink.webhooks.verifier.receive",
                "cloud.klink.webhooks.verifier.servlet",
                "cloud.klink.webhooks.verifier.websocket"),
            Set.of(),
            Set.of(
                "java.base",
                "transitive cloud.klink.webhooks",
                "com.fasterxml.jackson.core",
                "org.slf4j",
                "static java.sql",
                "static jakarta.servlet",
                "static jdk.httpserver",
                "static org.jspecify")));
  }
}
