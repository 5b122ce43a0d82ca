package cloud.klink.webhooks;

import cloud.klink.webhooks.moduletest.AbstractModuleTest;
import java.util.Set;

/** What this module shows to others and what it needs. */
class ModuleTest extends AbstractModuleTest {

  ModuleTest() {
    super(
        WebhookException.class,
        new Expected(
            "cloud.klink.webhooks",
            Set.of(
                "cloud.klink.webhooks",
                "cloud.klink.webhooks.canonical",
                "cloud.klink.webhooks.event",
                "cloud.klink.webhooks.signature"),
            Set.of(
                "cloud.klink.webhooks.internal to [cloud.klink.webhooks.sender, cloud.klink.webhooks.verifier]",
                "cloud.klink.webhooks.setup to [cloud.klink.webhooks.sender, cloud.klink.webhooks.verifier]"),
            Set.of(),
            Set.of(
                "java.base",
                "transitive com.fasterxml.jackson.databind",
                "com.fasterxml.jackson.core",
                "static org.jspecify")));
  }
}
